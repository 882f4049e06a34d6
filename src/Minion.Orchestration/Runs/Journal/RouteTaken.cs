using Minion.Models;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>Why a model answered, as the journal keeps it.</summary>
internal sealed record RouteTaken(
    string Requested,
    string Model,
    string? Policy,
    string? Tier,
    double? Difficulty,
    string Reason,
    IReadOnlyList<string> Tried,
    string? Degraded,
    bool Escalated)
{
    public static RouteTaken Of(RouteReport route) => new(
        route.Requested, route.Model, route.Policy, route.Tier, route.Difficulty, route.Reason, [.. route.Tried], route.Degraded, route.Escalated);
}
