using System.Text.RegularExpressions;

namespace Minion.Cli;

/// <summary>What the parser says of wrong arguments, in the words of this command line.</summary>
internal static partial class Misuses
{
    public static string Explain(string message)
    {
        if (Unparsable().Match(message) is { Success: true } unparsable)
        {
            var (value, name, type) = (unparsable.Groups["value"].Value, unparsable.Groups["name"].Value, unparsable.Groups["type"].Value);
            return $"'{value}' is not {Kind(type)} ({name}).";
        }

        return OneOf().Match(message) is { Success: true } one
            ? $"'{one.Groups["value"].Value}' is none of {string.Join(", ", one.Groups["choices"].Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}."
            : message;
    }

    private static string Kind(string type) =>
        type.Contains("System.Int", StringComparison.Ordinal) ? "a whole number"
        : type.Contains("System.Date", StringComparison.Ordinal) ? "a time such as 2026-01-31T08:00+01:00"
        : "understood";

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for (option|command) '(?<name>.*)' as expected type '(?<type>.*)'\\.$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unparsable();

    [GeneratedRegex("^Argument '(?<value>.*)' not recognized\\. Must be one of:\\s*(?<choices>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OneOf();
}
