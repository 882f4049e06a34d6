using System.Globalization;
using System.Numerics;

namespace Minion.Tools.Registry;

/// <summary>
/// The order of versions. Source: Semantic Versioning 2.0.0, section 11; versions with fewer than three numbers count as if zeros followed,
/// and what is no version at all comes before all that are.
/// </summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (one, other) = (Parse(x ?? ""), Parse(y ?? ""));
        if (one is null || other is null)
        {
            return one is not null ? 1 : other is not null ? -1 : string.CompareOrdinal(x, y);
        }

        for (var i = 0; i < 3; i++)
        {
            var order = one.Value.Numbers[i].CompareTo(other.Value.Numbers[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return ComparePrerelease(one.Value.Prerelease, other.Value.Prerelease);
    }

    /// <summary>Whether <paramref name="version"/> is <paramref name="wanted"/>, or begins with its numbers: 1.2.3 is a 1 and a 1.2.</summary>
    public static bool Fits(string version, string wanted) =>
        version == wanted || (version.StartsWith(wanted, StringComparison.Ordinal) && version[wanted.Length] == '.' && wanted.All(c => char.IsAsciiDigit(c) || c == '.'));

    private static (BigInteger[] Numbers, string[] Prerelease)? Parse(string text)
    {
        var core = text.Split('+', 2)[0];
        var parts = core.Split('-', 2);
        var numbers = parts[0].Split('.');
        if (numbers.Length > 3 || Array.Exists(numbers, n => n.Length is 0 or > 50 || !n.All(char.IsAsciiDigit)))
        {
            return null;
        }

        var values = new BigInteger[3];
        for (var i = 0; i < numbers.Length; i++)
        {
            values[i] = BigInteger.Parse(numbers[i], CultureInfo.InvariantCulture);
        }

        return (values, parts.Length > 1 ? parts[1].Split('.') : []);
    }

    private static int ComparePrerelease(string[] one, string[] other)
    {
        if (one.Length == 0 || other.Length == 0)
        {
            return other.Length.CompareTo(one.Length) switch { 0 => 0, > 0 => 1, _ => -1 };
        }

        for (var i = 0; i < Math.Min(one.Length, other.Length); i++)
        {
            var (isNumber, isOtherNumber) = (one[i].All(char.IsAsciiDigit), other[i].All(char.IsAsciiDigit));
            var order = isNumber && isOtherNumber
                ? BigInteger.Parse("0" + one[i], CultureInfo.InvariantCulture).CompareTo(BigInteger.Parse("0" + other[i], CultureInfo.InvariantCulture))
                : isNumber != isOtherNumber ? (isNumber ? -1 : 1) : string.CompareOrdinal(one[i], other[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return one.Length.CompareTo(other.Length);
    }
}
