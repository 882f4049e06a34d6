using System.Globalization;

namespace Minion.Tools.BuiltIn.Calculator;

/// <summary>The text of an expression, read from left to right.</summary>
internal sealed class ExpressionText(string text)
{
    private const int ExactDigits = 28;

    /// <summary>How many characters have been read; the position of the next one, counted from 0.</summary>
    public int At { get; private set; }

    public bool IsAtEnd => At >= text.Length;

    /// <summary>The next character; there must be one.</summary>
    public char Next => text[At];

    /// <summary>Reads <paramref name="token"/> if it comes next.</summary>
    public bool Take(string token)
    {
        SkipSpace();
        var rest = text.AsSpan(At);
        if (!rest.StartsWith(token, StringComparison.Ordinal) || (token == "*" && rest.StartsWith("**", StringComparison.Ordinal)))
        {
            return false;
        }

        At += token.Length;
        return true;
    }

    /// <summary>Reads <paramref name="word"/> if it comes next; case does not count.</summary>
    public bool TakeWord(string word)
    {
        SkipSpace();
        var found = WordAt(At).Equals(word, StringComparison.OrdinalIgnoreCase);
        At += found ? word.Length : 0;
        return found;
    }

    /// <summary>Reads a percent sign if one comes next and no operand after it.</summary>
    public bool TakePercent()
    {
        SkipSpace();
        var found = !IsAtEnd && Next == '%' && !OperandFollows(At + 1);
        At += found ? 1 : 0;
        return found;
    }

    /// <summary>Reads letters and digits.</summary>
    public string Word()
    {
        var word = WordAt(At);
        At += word.Length;
        return word;
    }

    /// <summary>Reads <paramref name="token"/>.</summary>
    /// <exception cref="ExpressionError">Something else comes next.</exception>
    public void Expect(string token)
    {
        if (!Take(token))
        {
            throw IsAtEnd ? new ExpressionError(At + 1, $"'{token}' is missing") : Unexpected($"; '{token}' is expected");
        }
    }

    /// <summary>Reads a number without sign.</summary>
    /// <exception cref="ExpressionError">It is none.</exception>
    public Number Literal()
    {
        var start = At;
        SkipDigits();
        if (!IsAtEnd && Next == '.')
        {
            At++;
            SkipDigits();
        }

        At += ExponentLength();
        var literal = text[start..At];
        return literal.Length <= ExactDigits && decimal.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? Number.Of(exact)
            : double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? Number.Of(value)
            : throw new ExpressionError(start + 1, $"'{literal}' is no number");
    }

    public void SkipSpace() => At = AfterSpace(At);

    public ExpressionError Unexpected(string expected = "") => new(
        At + 1,
        Next == ',' ? "a comma is not expected here; write numbers without thousands separators" : $"'{Next}' is not expected here{expected}");

    private bool OperandFollows(int at)
    {
        at = AfterSpace(at);
        return at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or '('
            || (char.IsAsciiLetter(text[at]) && !WordAt(at).Equals("of", StringComparison.OrdinalIgnoreCase)));
    }

    private int ExponentLength()
    {
        if (IsAtEnd || Next is not ('e' or 'E'))
        {
            return 0;
        }

        var digits = At + 1;
        digits += digits < text.Length && text[digits] is '+' or '-' ? 1 : 0;
        var end = digits;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end > digits ? end - At : 0;
    }

    private string WordAt(int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
        {
            end++;
        }

        return text[at..end];
    }

    private int AfterSpace(int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private void SkipDigits()
    {
        while (!IsAtEnd && char.IsAsciiDigit(Next))
        {
            At++;
        }
    }
}
