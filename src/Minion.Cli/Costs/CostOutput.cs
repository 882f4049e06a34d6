using System.Globalization;
using Minion.Cli.Output;
using Minion.Contracts.Models.V1;

namespace Minion.Cli.Costs;

/// <summary>Costs for people, with bars, and for spreadsheets.</summary>
internal static class CostOutput
{
    private const int BarWidth = 24;

    public static void Table(Terminal terminal, string group, QueryCostsResponse costs)
    {
        var most = costs.Rows.Select(r => Usd(r.CostUsd)).DefaultIfEmpty().Max();
        terminal.Table(
            [group, "cost", "", "calls", "failed", "tokens in", "cached", "tokens out"],
            costs.Rows.Select(r => new[]
            {
                r.Key.Length > 0 ? r.Key : "(none)", Dollars(Usd(r.CostUsd)), Bar(Usd(r.CostUsd), most), Phrases.Count(r.Calls), Phrases.Count(r.Failed),
                Phrases.Count(r.InputTokens), Phrases.Count(r.CachedTokens), Phrases.Count(r.OutputTokens),
            }),
            $"Nothing was spent from {costs.Since} to {costs.Until}.");
        terminal.Out.WriteLine($"Total from {costs.Since} to {costs.Until}: {Dollars(Usd(costs.Total.CostUsd))} for {Phrases.Count(costs.Total.Calls)} calls.");
        terminal.Dim(
            $"This month so far: {Dollars(Usd(costs.Forecast.SpentUsd))}; at this rate {Dollars(Usd(costs.Forecast.ForecastUsd))} until {costs.Forecast.EndsOn}.\n");
    }

    public static void Csv(Terminal terminal, string group, QueryCostsResponse costs)
    {
        terminal.Out.WriteLine($"{group},cost_usd,calls,failed,input_tokens,cached_tokens,output_tokens,reasoning_tokens");
        foreach (var row in costs.Rows)
        {
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Field(row.Key)},{row.CostUsd},{row.Calls},{row.Failed},{row.InputTokens},{row.CachedTokens},{row.OutputTokens},{row.ReasoningTokens}"));
        }
    }

    /// <summary>A bar of eighths of a character, as long as the part of the most.</summary>
    public static string Bar(decimal value, decimal most)
    {
        var eighths = most > 0 ? (int)Math.Round(value / most * BarWidth * 8) : 0;
        var rest = eighths % 8;
        return new string('█', eighths / 8) + (rest > 0 ? "▏▎▍▌▋▊▉"[rest - 1].ToString() : "");
    }

    /// <summary>To the cent, and more where a cent would hide it.</summary>
    public static string Dollars(decimal usd) => usd is > 0 and < 0.1m
        ? string.Create(CultureInfo.InvariantCulture, $"${usd:0.00####}")
        : string.Create(CultureInfo.InvariantCulture, $"${usd:#,0.00}");

    /// <summary>Quoted when it must be (RFC 4180); what a spreadsheet would take for a formula becomes text.</summary>
    private static string Field(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    private static decimal Usd(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
