using System.Globalization;

namespace Minion.Tools.BuiltIn.Calculator;

/// <summary>
/// A number of the calculator: decimal as long as it fits (28 digits), otherwise double. Remembers whether anything was rounded on
/// the way, so that 1/3*3 shows as 1 and 0.1+0.2 as exactly 0.3.
/// </summary>
internal readonly struct Number
{
    private const int LargestExactPower = 1_000;

    private readonly decimal? _exact;
    private readonly double _approximate;
    private readonly bool _rounded;

    private Number(decimal? exact, double approximate, bool rounded)
    {
        _exact = exact;
        _approximate = approximate;
        _rounded = rounded;
    }

    public bool IsZero => _exact == 0m || (_exact is null && _approximate == 0);

    public bool IsFinite => _exact is not null || double.IsFinite(_approximate);

    /// <summary>The number if it is whole and no larger than an int, else null.</summary>
    public int? WholeNumber => _exact is { } exact && decimal.IsInteger(exact) && Math.Abs(exact) <= int.MaxValue ? (int)exact : null;

    public static Number Of(decimal value) => new(value, (double)value, rounded: false);

    public static Number Of(double value) => new(exact: null, value, rounded: true);

    public static Number operator +(Number a, Number b) => Combine(a, b, decimal.Add, (x, y) => x + y, Math.Max);

    public static Number operator -(Number a, Number b) => Combine(a, b, decimal.Subtract, (x, y) => x - y, Math.Max);

    public static Number operator -(Number a) => Of(0m) - a;

    public static Number operator *(Number a, Number b) => Combine(a, b, decimal.Multiply, (x, y) => x * y, (x, y) => x + y);

    public static Number operator %(Number a, Number b) => Combine(a, b, decimal.Remainder, (x, y) => x % y, (_, _) => 0);

    public static Number operator /(Number a, Number b)
    {
        var quotient = Combine(a, b, decimal.Divide, (x, y) => x / y, (_, _) => 0);
        var exact = quotient._exact is { } q && a._exact is { } dividend && b._exact is { } divisor && IsQuotient(q, dividend, divisor);
        return new Number(quotient._exact, quotient._approximate, quotient._rounded || !exact);
    }

    public Number Power(Number exponent)
    {
        if (_exact is null || exponent.WholeNumber is not { } times || Math.Abs(times) > LargestExactPower)
        {
            return Of(Math.Pow(ToDouble(), exponent.ToDouble()));
        }

        var power = Of(1m);
        var factor = this;
        for (var rest = Math.Abs(times); rest > 0; rest >>= 1)
        {
            power = (rest & 1) == 1 ? power * factor : power;
            factor = rest > 1 ? factor * factor : factor;
        }

        return times < 0 ? Of(1m) / power : power;
    }

    /// <summary>Applies a function of decimals when the number is one, else the same function of doubles.</summary>
    public Number Apply(Func<decimal, decimal> exactly, Func<double, double> approximately) =>
        _exact is { } exact ? new Number(exactly(exact), (double)exactly(exact), _rounded) : Of(approximately(_approximate));

    public double ToDouble() => _exact is { } exact ? (double)exact : _approximate;

    public int Compare(Number other) =>
        _exact is { } a && other._exact is { } b ? a.CompareTo(b) : ToDouble().CompareTo(other.ToDouble());

    /// <summary>A JSON number: all digits of an exact one, 15 significant digits of a rounded one.</summary>
    public override string ToString()
    {
        if (_exact is { } exact && !_rounded)
        {
            return Plain(exact);
        }

        var rounded = ToDouble().ToString("G15", CultureInfo.InvariantCulture);
        return decimal.TryParse(rounded, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain) && (plain != 0m || ToDouble() == 0)
            ? Plain(plain)
            : rounded;
    }

    private static string Plain(decimal value) => value == 0m ? "0" : value.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <param name="exactly">The operation on decimals.</param>
    /// <param name="approximately">The same on doubles, for what is too large.</param>
    /// <param name="places">The decimal places that an exact result has, at least, given those of the operands: with fewer it has been rounded.</param>
    private static Number Combine(
        Number a, Number b, Func<decimal, decimal, decimal> exactly, Func<double, double, double> approximately, Func<int, int, int> places)
    {
        if (a._exact is { } x && b._exact is { } y)
        {
            try
            {
                var value = exactly(x, y);
                return new Number(value, (double)value, a._rounded || b._rounded || value.Scale < places(x.Scale, y.Scale));
            }
            catch (OverflowException)
            {
                // Too large for a decimal: the double takes over.
            }
        }

        return Of(approximately(a.ToDouble(), b.ToDouble()));
    }

    private static bool IsQuotient(decimal quotient, decimal dividend, decimal divisor)
    {
        try
        {
            return quotient.Scale < 28 && quotient * divisor == dividend;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
