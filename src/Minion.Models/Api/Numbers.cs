using System.Globalization;

namespace Minion.Models.Api;

/// <summary>Decimal numbers and days as the API writes them.</summary>
internal static class Numbers
{
    private const int StoredDecimals = 12;

    public static string Text(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    public static string Text(decimal? number) => number is { } given ? Text(given) : "";

    public static string Text(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Null when it is no decimal number that can be stored as it is.</summary>
    public static decimal? Amount(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 100_000_000_000 && Decimals(text) <= StoredDecimals
            ? number
            : null;

    public static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>Counted in the text: parsing rounds away what a decimal cannot hold.</summary>
    private static int Decimals(string text) => text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point ? text.AsSpan(point + 1).TrimEnd('0').Length : 0;
}
