using System.Globalization;

namespace Minion.Tools.BuiltIn.Calculator;

/// <summary>
/// Evaluates an expression by recursive descent; nothing but arithmetic can happen. From weak to strong: <c>+ -</c>, then
/// <c>* / %</c> and <c>of</c>, then signs, then <c>^</c> (from the right), then the percent sign. <c>%</c> is the remainder when an
/// operand follows it, else percent.
/// </summary>
internal sealed class Expression
{
    private const int MaxDepth = 64;

    private readonly string _text;
    private int _at;
    private int _depth;

    private Expression(string text) => _text = text;

    /// <exception cref="ExpressionError">It has no value; says where and why.</exception>
    public static Number Evaluate(string text)
    {
        var expression = new Expression(text);
        var value = expression.Sum();
        expression.SkipSpace();
        if (expression._at < text.Length)
        {
            throw expression.Unexpected();
        }

        return value;
    }

    private Number Sum()
    {
        var value = Product();
        while (true)
        {
            var at = _at;
            if (Take("+"))
            {
                value = Finite(value + Product(), at);
            }
            else if (Take("-") || Take("−"))
            {
                value = Finite(value - Product(), at);
            }
            else
            {
                return value;
            }
        }
    }

    private Number Product()
    {
        var value = Signed();
        while (true)
        {
            SkipSpace();
            var at = _at;
            if (Take("*") || Take("×") || Take("·") || TakeWord("of"))
            {
                value = Finite(value * Signed(), at);
            }
            else if (Take("/") || Take("÷"))
            {
                value = Finite(value / Divisor(at), at);
            }
            else if (Take("%"))
            {
                value = Finite(value % Divisor(at), at);
            }
            else
            {
                return value;
            }
        }
    }

    private Number Divisor(int at)
    {
        var divisor = Signed();
        return divisor.IsZero ? throw new ExpressionError(at + 1, "division by zero") : divisor;
    }

    private Number Signed()
    {
        Deeper();
        var value = Take("-") || Take("−") ? -Signed() : Take("+") ? Signed() : Power();
        _depth--;
        return value;
    }

    private Number Power()
    {
        var value = Percent();
        SkipSpace();
        var at = _at;
        if (!Take("^") && !Take("**"))
        {
            return value;
        }

        var exponent = Signed();
        return value.IsZero && exponent.ToDouble() < 0
            ? throw new ExpressionError(at + 1, "division by zero")
            : Finite(value.Power(exponent), at);
    }

    private Number Percent()
    {
        var value = Operand();
        SkipSpace();
        while (_at < _text.Length && _text[_at] == '%' && !OperandFollows(_at + 1))
        {
            _at++;
            value /= Number.Of(100m);
            SkipSpace();
        }

        return value;
    }

    private bool OperandFollows(int at)
    {
        while (at < _text.Length && char.IsWhiteSpace(_text[at]))
        {
            at++;
        }

        return at < _text.Length && (char.IsAsciiDigit(_text[at]) || _text[at] is '.' or '('
            || (char.IsAsciiLetter(_text[at]) && !WordAt(at).Equals("of", StringComparison.OrdinalIgnoreCase)));
    }

    private Number Operand()
    {
        SkipSpace();
        if (_at >= _text.Length)
        {
            throw new ExpressionError(_at + 1, "the expression ends where a number is expected");
        }

        if (Take("("))
        {
            Deeper();
            var value = Sum();
            Expect(")");
            _depth--;
            return value;
        }

        return char.IsAsciiDigit(_text[_at]) || _text[_at] == '.' ? Literal()
            : char.IsAsciiLetter(_text[_at]) ? Named()
            : throw Unexpected();
    }

    private Number Literal()
    {
        var start = _at;
        SkipDigits();
        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            SkipDigits();
        }

        if (_at < _text.Length && _text[_at] is 'e' or 'E' && ExponentLength() is var length and > 0)
        {
            _at += length;
        }

        var literal = _text[start.._at];
        return decimal.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && literal.Length <= 28 ? Number.Of(exact)
            : double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? Finite(Number.Of(value), start)
            : throw new ExpressionError(start + 1, $"'{literal}' is no number");
    }

    private int ExponentLength()
    {
        var at = _at + 1;
        at += at < _text.Length && _text[at] is '+' or '-' ? 1 : 0;
        var digits = at;
        while (at < _text.Length && char.IsAsciiDigit(_text[at]))
        {
            at++;
        }

        return at > digits ? at - _at : 0;
    }

    private Number Named()
    {
        var start = _at;
        var name = WordAt(_at);
        _at += name.Length;
        if (Functions.Find(name) is { } function)
        {
            return Call(name, function, start);
        }

        return name.ToLowerInvariant() switch
        {
            "pi" => Number.Of(Math.PI),
            "e" => Number.Of(Math.E),
            _ => throw new ExpressionError(
                start + 1,
                $"there is no '{name}'; there are pi, e and the functions {string.Join(", ", Functions.Names)}"),
        };
    }

    private Number Call(string name, Function function, int start)
    {
        Deeper();
        Expect("(");
        var arguments = new List<Number> { Sum() };
        while (Take(","))
        {
            arguments.Add(Sum());
        }

        Expect(")");
        _depth--;
        if (arguments.Count < function.Fewest || arguments.Count > function.Most)
        {
            var wanted = function.Fewest == function.Most ? $"{function.Fewest}" : $"{function.Fewest} to {function.Most}";
            throw new ExpressionError(start + 1, $"'{name}' takes {wanted} arguments, not {arguments.Count}");
        }

        return Finite(function.Apply(arguments), start);
    }

    private static Number Finite(Number value, int at) => value.IsFinite
        ? value
        : throw new ExpressionError(at + 1, double.IsNaN(value.ToDouble()) ? "the result is no real number" : "the result is too large");

    private void Deeper()
    {
        if (++_depth > MaxDepth)
        {
            throw new ExpressionError(_at + 1, $"the expression is nested too deeply (limit: {MaxDepth})");
        }
    }

    private void Expect(string token)
    {
        if (!Take(token))
        {
            throw _at < _text.Length ? Unexpected($"; '{token}' is expected") : new ExpressionError(_at + 1, $"'{token}' is missing");
        }
    }

    private bool Take(string token)
    {
        SkipSpace();
        if (!_text.AsSpan(_at).StartsWith(token, StringComparison.Ordinal) || (token == "*" && _text.AsSpan(_at).StartsWith("**", StringComparison.Ordinal)))
        {
            return false;
        }

        _at += token.Length;
        return true;
    }

    private bool TakeWord(string word)
    {
        SkipSpace();
        var found = WordAt(_at).Equals(word, StringComparison.OrdinalIgnoreCase);
        _at += found ? word.Length : 0;
        return found;
    }

    private string WordAt(int at)
    {
        var end = at;
        while (end < _text.Length && char.IsAsciiLetterOrDigit(_text[end]))
        {
            end++;
        }

        return _text[at..end];
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private void SkipDigits()
    {
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }
    }

    private ExpressionError Unexpected(string expected = "") => new(
        _at + 1,
        _text[_at] == ',' ? "a comma is not expected here; write numbers without thousands separators" : $"'{_text[_at]}' is not expected here{expected}");
}
