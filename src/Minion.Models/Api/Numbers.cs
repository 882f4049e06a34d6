using System.Globalization;

namespace Minion.Models.Api;

/// <summary>Decimal numbers and days as the API writes them.</summary>
internal static class Numbers
{
    public static string Text(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    public static string Text(decimal? number) => number is { } given ? Text(given) : "";

    public static string Text(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Null when it is no decimal number that can be stored.</summary>
    public static decimal? Amount(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 100_000_000_000
            ? Math.Round(number, 12)
            : null;

    public static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
