namespace Minion.Tools.BuiltIn.Calculator;

/// <summary>
/// Evaluates an expression by recursive descent; nothing but arithmetic can happen. From weak to strong: <c>+ -</c>, then
/// <c>* / %</c> and <c>of</c>, then signs, then <c>^</c> (from the right), then the percent sign. <c>%</c> is the remainder when an
/// operand follows it, else percent.
/// </summary>
internal sealed class Expression
{
    private const int MaxDepth = 64;

    private readonly ExpressionText _text;
    private int _depth;

    private Expression(ExpressionText text) => _text = text;

    /// <exception cref="ExpressionError">It has no value; says where and why.</exception>
    public static Number Evaluate(string text)
    {
        var reader = new ExpressionText(text);
        var value = new Expression(reader).Sum();
        reader.SkipSpace();
        return reader.IsAtEnd ? value : throw reader.Unexpected();
    }

    private Number Sum()
    {
        var value = Product();
        while (true)
        {
            var at = _text.At;
            if (_text.Take("+"))
            {
                value = Finite(value + Product(), at);
            }
            else if (_text.Take("-") || _text.Take("−"))
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
            _text.SkipSpace();
            var at = _text.At;
            if (_text.Take("*") || _text.Take("×") || _text.Take("·") || _text.TakeWord("of"))
            {
                value = Finite(value * Signed(), at);
            }
            else if (_text.Take("/") || _text.Take("÷"))
            {
                value = Finite(value / Divisor(at), at);
            }
            else if (_text.Take("%"))
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
        var value = _text.Take("-") || _text.Take("−") ? -Signed() : _text.Take("+") ? Signed() : Power();
        _depth--;
        return value;
    }

    private Number Power()
    {
        var value = Percent();
        _text.SkipSpace();
        var at = _text.At;
        if (!_text.Take("^") && !_text.Take("**"))
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
        while (_text.TakePercent())
        {
            value /= Number.Of(100m);
        }

        return value;
    }

    private Number Operand()
    {
        _text.SkipSpace();
        if (_text.IsAtEnd)
        {
            throw new ExpressionError(_text.At + 1, "the expression ends where a number is expected");
        }

        if (_text.Take("("))
        {
            Deeper();
            var value = Sum();
            _text.Expect(")");
            _depth--;
            return value;
        }

        var start = _text.At;
        return char.IsAsciiDigit(_text.Next) || _text.Next == '.' ? Finite(_text.Literal(), start)
            : char.IsAsciiLetter(_text.Next) ? Named(_text.Word(), start)
            : throw _text.Unexpected();
    }

    private Number Named(string name, int start)
    {
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
        _text.Expect("(");
        var arguments = new List<Number> { Sum() };
        while (_text.Take(","))
        {
            arguments.Add(Sum());
        }

        _text.Expect(")");
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
            throw new ExpressionError(_text.At + 1, $"the expression is nested too deeply (limit: {MaxDepth})");
        }
    }
}
