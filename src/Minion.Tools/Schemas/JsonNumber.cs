using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Minion.Tools.Schemas;

/// <summary>
/// A JSON number, compared exactly: <c>mantissa × 10^exponent</c>. Numbers with more digits or a larger exponent than anybody
/// needs are rounded to a double first, so that a short text cannot ask for a large amount of work.
/// </summary>
internal readonly struct JsonNumber
{
    private const int MaxDigits = 2_000;
    private const int MaxExponent = 2_000;
    private const int ExactDecimalLength = 28;

    private readonly BigInteger _mantissa;
    private readonly int _exponent;
    private readonly string _text;

    private JsonNumber(BigInteger mantissa, int exponent, string text)
    {
        _mantissa = mantissa;
        _exponent = exponent;
        _text = text;
    }

    /// <summary>Whether it has no fraction; 1.0 has none.</summary>
    public bool IsInteger => _exponent >= 0 || BigInteger.Remainder(_mantissa, BigInteger.Pow(10, -_exponent)).IsZero;

    public bool IsPositive => _mantissa.Sign > 0;

    /// <summary>Whether the JSON number <paramref name="value"/> has no fraction.</summary>
    public static bool IsWhole(JsonElement value) => value.TryGetInt64(out _) || Of(value).IsInteger;

    public static JsonNumber Of(JsonElement value)
    {
        var text = value.GetRawText();
        if (text.Length <= ExactDecimalLength && decimal.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var exact))
        {
            return Of(exact, text);
        }

        return Parse(text) ?? Parse(Rounded(value)) ?? new JsonNumber(BigInteger.Zero, 0, text);
    }

    public bool IsMultipleOf(JsonNumber divisor)
    {
        var common = Math.Min(_exponent, divisor._exponent);
        return BigInteger.Remainder(Scaled(common), divisor.Scaled(common)).IsZero;
    }

    public int Compare(JsonNumber other)
    {
        var common = Math.Min(_exponent, other._exponent);
        return Scaled(common).CompareTo(other.Scaled(common));
    }

    /// <summary>The number as it was written.</summary>
    public override string ToString() => _text;

    private static JsonNumber Of(decimal value, string text)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var mantissa = new BigInteger((uint)bits[2]) << 64 | new BigInteger((uint)bits[1]) << 32 | (uint)bits[0];
        return new JsonNumber(value < 0 ? -mantissa : mantissa, -((bits[3] >> 16) & 0xFF), text);
    }

    private static string Rounded(JsonElement value)
    {
        var number = value.TryGetDouble(out var d) && double.IsFinite(d) ? d : double.MaxValue;
        return number.ToString("E16", CultureInfo.InvariantCulture);
    }

    private static JsonNumber? Parse(string text)
    {
        var e = text.AsSpan().IndexOfAny('e', 'E');
        var digits = e < 0 ? text : text[..e];
        var exponent = 0;
        if (digits.Length > MaxDigits
            || (e >= 0 && !int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            || Math.Abs((long)exponent) > MaxExponent)
        {
            return null;
        }

        var point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= digits.Length - point - 1;
            digits = digits.Remove(point, 1);
        }

        return new JsonNumber(BigInteger.Parse(digits, CultureInfo.InvariantCulture), exponent, text);
    }

    private BigInteger Scaled(int exponent) =>
        _exponent == exponent ? _mantissa : _mantissa * BigInteger.Pow(10, _exponent - exponent);
}
