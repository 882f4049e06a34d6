using Minion.Models;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>Why a model answered, as the journal keeps it.</summary>
/// <param name="Requested">The model that was asked for.</param>
/// <param name="Model">The one that answered.</param>
/// <param name="Policy">The router's policy; null without a router.</param>
/// <param name="Tier">The tier that was chosen; null for none.</param>
/// <param name="Difficulty">How difficult the prompt was taken to be, 0 to 1; null when nobody judged it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Tried">Models that were tried before, and failed.</param>
/// <param name="Degraded">Why a cheaper one was taken; null when it was not.</param>
/// <param name="Escalated">Whether a better one was asked after a poor answer.</param>
public sealed record RouteTaken(
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
    internal static RouteTaken Of(RouteReport route) => new(
        route.Requested, route.Model, route.Policy, route.Tier, route.Difficulty, route.Reason, [.. route.Tried], route.Degraded, route.Escalated);
}
