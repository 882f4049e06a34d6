using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Minion.ServiceDefaults.Health;

/// <summary>What /health says.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c>, <c>unhealthy</c> or <c>draining</c>.</param>
/// <param name="Checks">By name; null for callers who are not let in.</param>
internal sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, HealthDetail>? Checks)
{
    public static HealthAnswer From(HealthReport report, bool draining, bool withDetail) => new(
        draining ? "draining" : Name(report.Status),
        withDetail ? report.Entries.ToDictionary(pair => pair.Key, pair => HealthDetail.From(pair.Value)) : null);

    internal static string Name(HealthStatus status) => status.ToString().ToLowerInvariant();
}

/// <summary>One dependency.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Detail">What the check says of it.</param>
/// <param name="DurationMs">Milliseconds that the check took.</param>
/// <param name="Data">Figures of the check.</param>
internal sealed record HealthDetail(string Status, string? Detail, double DurationMs, IReadOnlyDictionary<string, string>? Data)
{
    public static HealthDetail From(HealthReportEntry entry) => new(
        HealthAnswer.Name(entry.Status),
        entry.Description ?? entry.Exception?.Message,
        Math.Round(entry.Duration.TotalMilliseconds, 2),
        entry.Data.Count > 0 ? entry.Data.ToDictionary(pair => pair.Key, pair => pair.Value.ToString() ?? "") : null);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
