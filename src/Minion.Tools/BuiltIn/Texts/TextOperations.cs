using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Minion.Tools.BuiltIn.Texts;

/// <summary>What is done with a text, by name.</summary>
internal static class TextOperations
{
    /// <summary>Characters that a result may have.</summary>
    public const int Most = 1_000_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="TextRefusal">It cannot be done.</exception>
    public static TextResult Run(TextArguments arguments)
    {
        var text = arguments.Text;
        return arguments.Operation switch
        {
            "count" => Count(arguments),
            "find" => Find(arguments),
            "replace" => new TextResult { Text = Replace(arguments) },
            "split" => Split(arguments),
            "slice" => new TextResult { Text = Slice(text, arguments.Start, arguments.End) },
            "upper" => new TextResult { Text = text.ToUpperInvariant() },
            "lower" => new TextResult { Text = text.ToLowerInvariant() },
            "sort_lines" => Joined(Lines(text).Order(StringComparer.Ordinal)),
            "unique_lines" => Joined(Lines(text).Distinct(StringComparer.Ordinal)),
            "diff" => new TextResult { Text = LineDiff.Of(Lines(text), Lines(arguments.Needed("other"))) },
            "base64_encode" => new TextResult { Text = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) },
            "base64_decode" => new TextResult { Text = FromBase64(text) },
            "url_encode" => new TextResult { Text = Uri.EscapeDataString(text) },
            "url_decode" => new TextResult { Text = Uri.UnescapeDataString(text) },
            "sha256" => new TextResult { Text = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) },
            var other => throw new TextRefusal($"There is no operation '{other}'.", "Use one of the operations of the schema."),
        };
    }

    private static TextResult Count(TextArguments arguments) => arguments.Find is { Length: > 0 }
        ? new TextResult { Count = Pattern(arguments).Count(arguments.Text) }
        : new TextResult
        {
            Characters = new StringInfo(arguments.Text).LengthInTextElements,
            Words = arguments.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
            Lines = Lines(arguments.Text).Count,
            Bytes = Encoding.UTF8.GetByteCount(arguments.Text),
        };

    private static TextResult Find(TextArguments arguments)
    {
        var matches = Pattern(arguments).Matches(arguments.Text);
        var shown = matches.Take(arguments.Limit)
            .Select(match => new FoundText(match.Value, match.Index, [.. match.Groups.Values.Skip(1).Select(group => group.Value)]))
            .ToList();
        return new TextResult { Matches = shown, Count = matches.Count };
    }

    /// <summary>The result's length is watched while it grows: few characters can ask for very many.</summary>
    private static string Replace(TextArguments arguments)
    {
        var replacement = arguments.Needed("replacement");
        var length = (long)arguments.Text.Length;
        return Pattern(arguments).Replace(arguments.Text, match =>
        {
            var text = arguments.Regex ? match.Result(replacement) : replacement;
            length += text.Length - match.Length;
            return length <= Most ? text : throw new TextRefusal($"The result would have more than {Most} characters.", "Replace less at once.");
        });
    }

    private static TextResult Split(TextArguments arguments)
    {
        var parts = Pattern(arguments).Split(arguments.Text);
        return new TextResult { Items = [.. parts.Take(arguments.Limit)], Count = parts.Length };
    }

    /// <summary>By characters as people see them; from the end when negative.</summary>
    private static string Slice(string text, int? start, int? end)
    {
        var elements = new StringInfo(text);
        var length = elements.LengthInTextElements;
        int Place(int place) => Math.Clamp(place < 0 ? length + place : place, 0, length);
        var (from, to) = (Place(start ?? 0), Place(end ?? length));
        return from < to ? elements.SubstringByTextElements(from, to - from) : "";
    }

    private static Regex Pattern(TextArguments arguments)
    {
        var find = arguments.Needed("find");
        try
        {
            return new Regex(
                arguments.Regex ? find : System.Text.RegularExpressions.Regex.Escape(find),
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (arguments.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None),
                TimeSpan.FromSeconds(5));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new TextRefusal($"The regular expression cannot be used: {exception.Message}", "Correct it; lookaround and back references are not known.");
        }
    }

    private static string FromBase64(string text)
    {
        try
        {
            return Strict.GetString(Convert.FromBase64String(text));
        }
        catch (Exception exception) when (exception is FormatException or DecoderFallbackException)
        {
            throw new TextRefusal("That is no Base64 of a text in UTF-8.", "Check that it is whole.");
        }
    }

    private static TextResult Joined(IEnumerable<string> lines) => new() { Text = string.Join('\n', lines) };

    private static List<string> Lines(string text) => Files.Lines.Of(text);
}
