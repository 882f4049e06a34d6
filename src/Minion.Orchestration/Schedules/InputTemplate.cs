using System.Text.RegularExpressions;

namespace Minion.Orchestration.Schedules;

/// <summary>Texts with <c>{{name}}</c> in them.</summary>
internal static partial class InputTemplate
{
    /// <summary>The names in a text that are not among those that will be filled in.</summary>
    public static IEnumerable<string> Unknown(string text, IReadOnlyCollection<string> known) =>
        Form().Matches(text).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).Where(n => !known.Contains(n));

    /// <summary>Fills in what is known, and leaves all else as it is.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Form().Replace(text, m => values.TryGetValue(m.Groups["name"].Value, out var value) ? value : m.Value);

    [GeneratedRegex(@"\{\{\s*(?<name>[A-Za-z0-9_.-]{1,64})\s*\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
