using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Minion.Tools.BuiltIn.JsonPath;

/// <summary>Reads the smallest parts of a path: names, numbers, texts in quotes (RFC 9535, sections 2.3 and 2.5).</summary>
internal sealed class PathText(string text)
{
    private const long LargestIndex = 9_007_199_254_740_991; // 2^53 - 1, RFC 9535 section 2.1

    public int At { get; private set; }

    public bool IsAtEnd => At >= text.Length;

    public char Next => At < text.Length ? text[At] : '\0';

    public static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c is '_' or >= '\u0080';

    public PathError Error(string message) => new(At + 1, message);

    public bool Starts(string part) => string.CompareOrdinal(text, At, part, 0, part.Length) == 0;

    public bool Take(string part)
    {
        if (!Starts(part))
        {
            return false;
        }

        At += part.Length;
        return true;
    }

    public void Expect(string part)
    {
        if (!Take(part))
        {
            throw Error(IsAtEnd ? $"the path ends where '{part}' is expected" : $"'{Next}' is not expected; '{part}' is");
        }
    }

    public void SkipBlank()
    {
        while (Next is ' ' or '\t' or '\n' or '\r' && !IsAtEnd)
        {
            At++;
        }
    }

    public void GoBack(int to) => At = to;

    public string Name()
    {
        if (!IsNameStart(Next))
        {
            throw Error(IsAtEnd ? "the path ends where a name is expected" : $"'{Next}' is not expected; a name is");
        }

        var start = At;
        while (!IsAtEnd && (IsNameStart(Next) || char.IsAsciiDigit(Next)))
        {
            At++;
        }

        return Unicode(text[start..At]);
    }

    /// <summary>A whole number without leading zeros; null when there is none.</summary>
    public long? Integer()
    {
        var start = At;
        var digits = Next == '-' ? At + 1 : At;
        At = digits;
        while (char.IsAsciiDigit(Next))
        {
            At++;
        }

        if (At == digits)
        {
            At = start;
            return null;
        }

        var written = text[start..At];
        return written != "-0" && (text[digits] != '0' || At == digits + 1)
            && long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= LargestIndex
            ? number
            : throw new PathError(start + 1, $"'{written}' is no whole number as JSON writes it, or too large");
    }

    /// <summary>A number as in JSON.</summary>
    public JsonElement Number()
    {
        var start = At;
        while (!IsAtEnd && (char.IsAsciiDigit(Next) || Next is '-' or '+' or '.' or 'e' or 'E'))
        {
            At++;
        }

        var written = text[start..At];
        try
        {
            return JsonElement.Parse(written);
        }
        catch (JsonException)
        {
            throw new PathError(start + 1, $"'{written}' is no number as JSON writes it");
        }
    }

    /// <summary>A text in single or double quotes.</summary>
    public string Quoted()
    {
        var quote = Next;
        var result = new StringBuilder();
        for (At++; Next != quote; At++)
        {
            if (IsAtEnd)
            {
                throw Error("the path ends inside a text; its quote is missing");
            }

            if (Next < ' ')
            {
                throw Error("a text must not have control characters");
            }

            result.Append(Next == '\\' ? Escaped(quote) : Next);
        }

        At++;
        return Unicode(result.ToString());
    }

    private char Escaped(char quote)
    {
        At++;
        return Next switch
        {
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '/' => '/',
            '\\' => '\\',
            'u' => Hexadecimal(),
            var other when other == quote => other,
            _ => throw Error("a backslash is followed by something that it cannot escape"),
        };
    }

    private char Hexadecimal()
    {
        if (At + 4 >= text.Length || !text.AsSpan(At + 1, 4).ContainsOnlyHex())
        {
            throw Error("\\u is not followed by four hexadecimal digits");
        }

        var value = (char)int.Parse(text.AsSpan(At + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        At += 4;
        return value;
    }

    private string Unicode(string part)
    {
        for (var i = 0; i < part.Length; i++)
        {
            if (char.IsHighSurrogate(part[i]) && i + 1 < part.Length && char.IsLowSurrogate(part[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(part[i]))
            {
                throw Error("half of a surrogate pair is no character");
            }
        }

        return part;
    }
}

/// <summary>What is asked of characters here.</summary>
internal static class PathCharacters
{
    public static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigit(character))
            {
                return false;
            }
        }

        return true;
    }
}
