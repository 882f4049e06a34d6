namespace Minion.Models.Routing;

/// <summary>Who is asked, in which order.</summary>
/// <param name="Candidates">The order; never empty.</param>
/// <param name="Wanted">The tier that the request deserves; null when nobody looked.</param>
/// <param name="Route">What the call's report gets; null when there was nothing to choose.</param>
/// <param name="Router">The router; null when a model was named.</param>
internal sealed record RoutePlan(IReadOnlyList<Candidate> Candidates, ModelTier? Wanted, RouteReport? Route, RouteDefinition? Router)
{
    public bool Escalates => Router?.Escalate == true;

    /// <summary>What answering with <paramref name="candidate"/> is less than what was chosen first.</summary>
    public string? Degradation(Candidate candidate) =>
        candidate == Candidates[0] ? null
        : Wanted is { } tier && candidate.Tier < tier && Candidates[0].Tier >= tier ? RoutePolicies.SmallerModel
        : candidate.Definition.Provider != Candidates[0].Definition.Provider || candidate.Definition.Url != Candidates[0].Definition.Url ? RoutePolicies.OtherProvider
        : null;
}
