using System.Globalization;
using System.Text.RegularExpressions;

namespace Minion.Models.Providers.Scripted;

/// <summary>Numbers as people write them: <c>2,340</c>, <c>1 234.5</c>, <c>1.234,5</c>, <c>17,5</c>.</summary>
internal static partial class NumberText
{
    /// <summary>The number.</summary>
    /// <exception cref="TemplateException">It is none, or has more than 28 digits.</exception>
    public static decimal Read(string text)
    {
        // Punctuation after the number belongs to the sentence.
        var digits = Spaces.Replace(text.Trim(), "").TrimEnd('.', ',');
        var plain = DecimalMark(digits) switch
        {
            '.' => digits.Replace(",", ""),
            ',' => digits.Replace(".", "").Replace(',', '.'),
            _ => digits.Replace(",", "").Replace(".", ""),
        };
        return decimal.TryParse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new TemplateException($"'{Texts.Shorten(text, 40)}' is not a number");
    }

    /// <summary>Which mark is the decimal one: the last of two kinds; a lone comma unless it groups thousands; never one that repeats.</summary>
    private static char? DecimalMark(string digits)
    {
        var (comma, point) = (digits.LastIndexOf(','), digits.LastIndexOf('.'));
        return (comma, point) switch
        {
            ( < 0, < 0) => null,
            ( < 0, _) => digits.IndexOf('.') == point ? '.' : null,
            (_, < 0) => Thousands.IsMatch(digits) ? null : ',',
            _ => comma > point ? ',' : '.',
        };
    }

    [GeneratedRegex("[\\s_'’]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Spaces { get; }

    [GeneratedRegex("^[+-]?\\d{1,3}(?:,\\d{3})+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Thousands { get; }
}
