using System.Text;
using Minion.Tools.Schemas;

namespace Minion.Tools.BuiltIn.JsonPath;

/// <summary>A regular expression of <c>match</c> or <c>search</c> (RFC 9485).</summary>
internal sealed class PathPattern
{
    private const string AnyCharacter = @"(?:[\ud800-\udbff][\udc00-\udfff]|[^\n\r])";

    private readonly SchemaPattern _pattern;

    private PathPattern(SchemaPattern pattern)
    {
        _pattern = pattern;
    }

    /// <summary>Null when it is no expression: then nothing fits.</summary>
    public static PathPattern? TryCompile(string pattern, bool whole)
    {
        var text = WithDots(pattern);
        return SchemaPattern.Compile(whole ? $"^(?:{text})$" : text) is { } compiled ? new PathPattern(compiled) : null;
    }

    public bool Fits(string text) => _pattern.IsMatch(text);

    /// <summary>A dot is every character but line feed and carriage return here.</summary>
    private static string WithDots(string pattern)
    {
        var text = new StringBuilder(pattern.Length);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length:
                    text.Append(pattern, i++, 2);
                    break;
                case '.' when !inClass:
                    text.Append(AnyCharacter);
                    break;
                case var character:
                    inClass = character == '[' || (inClass && character != ']');
                    text.Append(character);
                    break;
            }
        }

        return text.ToString();
    }
}
