using System.Text.Json;
using Minion.Models.Routing;

namespace RouteTraining;

/// <summary>The learned weights as the program reads them.</summary>
internal static class WeightsFile
{
    public static string Of(Ridge ridge, IReadOnlyList<Item> items)
    {
        var scores = items.Select(ridge.Score).ToList();
        var mean = scores.Average();
        var deviation = Math.Sqrt(scores.Average(s => (s - mean) * (s - mean)));
        var scale = ridge.Words.Max(Math.Abs) / sbyte.MaxValue;
        return JsonSerializer.Serialize(
            new Weights(
                [.. ridge.Dense.Select(w => (float)Math.Round(w, 5))],
                [.. ridge.Words.Select(w => (byte)(sbyte)Math.Round(w / scale))],
                (float)scale,
                (float)mean,
                (float)deviation),
            WeightsJson.Default.Weights) + "\n";
    }
}
