using System.Text;
using System.Text.RegularExpressions;

namespace Minion.Tools.Schemas;

/// <summary>
/// A regular expression of a schema: ECMA-262 in Unicode mode, run by .NET's engine. The backtracking-free engine is used where
/// it knows the construct; otherwise a match ends after 100 ms and counts as none.
/// </summary>
internal sealed class SchemaPattern
{
    private const int MaxLength = 4_096;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(100);

    private readonly Regex _regex;

    private SchemaPattern(string source, Regex regex)
    {
        Source = source;
        _regex = regex;
    }

    /// <summary>The expression as it was written.</summary>
    public string Source { get; }

    /// <summary>Compiles <paramref name="source"/>; null when it is no regular expression or is longer than 4,096 characters.</summary>
    public static SchemaPattern? Compile(string source)
    {
        if (source.Length > MaxLength)
        {
            return null;
        }

        try
        {
            return new SchemaPattern(source, Build(EcmaPattern.Translate(source)));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public bool IsMatch(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static Regex Build(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, MatchTimeout);
        }
    }
}

/// <summary>Writes an ECMA-262 regular expression the way .NET understands it.</summary>
internal static class EcmaPattern
{
    private const string Space = @"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

    public static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            switch (c)
            {
                case '\\' when i + 1 < pattern.Length:
                    i += Escape(text, pattern, i + 1, inClass);
                    break;
                case '[' when !inClass:
                    inClass = true;
                    text.Append(c);
                    break;
                case '[':
                    text.Append(@"\[");
                    break;
                case ']':
                    inClass = false;
                    text.Append(c);
                    break;
                case '$' when !inClass:
                    text.Append(@"\z"); // .NET's $ also matches before a final line feed
                    break;
                case '.' when !inClass:
                    text.Append(@"(?:[\ud800-\udbff][\udc00-\udfff]|[^\n\r\u2028\u2029])");
                    break;
                default:
                    i += Literal(text, pattern, i, inClass);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>A character outside the basic plane is one character to ECMA-262, two to .NET.</summary>
    private static int Literal(StringBuilder text, string pattern, int at, bool inClass)
    {
        if (!inClass && at + 1 < pattern.Length && char.IsSurrogatePair(pattern[at], pattern[at + 1]))
        {
            text.Append("(?:").Append(pattern, at, 2).Append(')');
            return 1;
        }

        text.Append(pattern[at]);
        return 0;
    }

    private static int Escape(StringBuilder text, string pattern, int at, bool inClass)
    {
        switch (pattern[at])
        {
            case 'd':
                text.Append(inClass ? "0-9" : "[0-9]");
                return 1;
            case 'D' when !inClass:
                text.Append("[^0-9]");
                return 1;
            case 'w':
                text.Append(inClass ? "a-zA-Z0-9_" : "[a-zA-Z0-9_]");
                return 1;
            case 'W' when !inClass:
                text.Append("[^a-zA-Z0-9_]");
                return 1;
            case 's':
                text.Append(inClass ? Space : $"[{Space}]");
                return 1;
            case 'S' when !inClass:
                text.Append($"[^{Space}]");
                return 1;
            case 'p' or 'P' when pattern.IndexOf('}', at) is var end && end > at + 2 && pattern[at + 1] == '{':
                text.Append('\\').Append(pattern[at]).Append('{').Append(Category(pattern[(at + 2)..end])).Append('}');
                return end - at + 1;
            case 'u' when at + 1 < pattern.Length && pattern[at + 1] == '{' && pattern.IndexOf('}', at) is var close && close > 0
                && int.TryParse(pattern.AsSpan(at + 2, close - at - 2), System.Globalization.NumberStyles.HexNumber, null, out var code)
                && Rune.IsValid(code):
                text.Append(Regex.Escape(new Rune(code).ToString()));
                return close - at + 1;
            case 'A' or 'Z' or 'z' or 'G' or 'a' or 'e':
                throw new ArgumentException($"\\{pattern[at]} is no escape of ECMA-262.", nameof(pattern));
            default:
                text.Append('\\').Append(pattern[at]);
                return 1;
        }
    }

    private static string Category(string name) => name switch
    {
        "Letter" or "General_Category=Letter" => "L",
        "Uppercase_Letter" or "Lu" => "Lu",
        "Lowercase_Letter" or "Ll" => "Ll",
        "Number" => "N",
        "Decimal_Number" or "digit" => "Nd",
        "Punctuation" => "P",
        "Symbol" => "S",
        "Separator" => "Z",
        "Mark" => "M",
        _ => name,
    };
}
