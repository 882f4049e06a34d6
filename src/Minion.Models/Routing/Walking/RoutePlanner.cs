using Minion.Models.Pipeline;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Routing;

/// <summary>Makes the plan of a call: for a router by its rules, the classifier and its policy; for a model by its list of failover.</summary>
internal sealed class RoutePlanner(CandidateList list, ModelCatalog catalog, Classifier classifier, MinionTelemetry telemetry)
{
    private const int MostCandidates = 8;

    public ValueTask<RoutePlan> PlanAsync(ChatRequest request, CancellationToken cancellationToken) =>
        request.Definition.Provider == ModelProviders.Router ? RouteAsync(request, cancellationToken)
        : FailoverOf(request.Definition) is { Count: > 0 } others ? FailOverAsync(request, others, cancellationToken)
        : new ValueTask<RoutePlan>(new RoutePlan([Alone(request)], null, null, null));

    private static Candidate Alone(ChatRequest request) => new(request.Definition.Name, request.Definition, ModelTier.Moderate, null, default);

    private IReadOnlyList<string>? FailoverOf(ModelDefinition definition) =>
        definition.Failover ?? (definition.Name.Contains('/', StringComparison.Ordinal) ? catalog.Current.Find(definition.Name)?.Failover : null);

    private async ValueTask<RoutePlan> FailOverAsync(ChatRequest request, IReadOnlyList<string> others, CancellationToken cancellationToken)
    {
        var needs = RequestNeeds.Of(RequestShape.Of(request.Messages, request.Options), request.Options);
        var (found, _) = await list.FindAsync(others, request.Call, cancellationToken);
        var first = list.Make(request.Definition.Name, request.Definition, request.Call);
        var candidates = found.Where(c => c.Misfit(needs) is null && c.Name != first.Name).Prepend(first).Take(MostCandidates).ToList();
        return new RoutePlan(candidates, null, new RouteReport { Requested = first.Name, Reason = "named, with others in its place" }, null);
    }

    private async ValueTask<RoutePlan> RouteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        var (router, call) = (request.Definition.Route ?? new RouteDefinition(), request.Call);
        var (shape, question) = (RequestShape.Of(request.Messages, request.Options), RequestShape.Question(request.Messages));
        var needs = RequestNeeds.Of(shape, request.Options);
        var policy = router.Policy ?? RoutePolicies.Cheapest;
        var (tier, difficulty, reason, use) = Judge(router, question, shape, call.Agent);

        var (found, leftOut) = await list.FindAsync(router.Candidates, call, cancellationToken);
        var fitting = found.Where(c => c.Misfit(needs) is null).ToList();
        if (fitting.Count == 0)
        {
            throw NoneFits(request.Definition.Name, [.. leftOut, .. found.Select(c => $"{c.Name}: {c.Misfit(needs)}")]);
        }

        var ordered = Ordering.Order(fitting, policy, tier, needs, router.Weights, StickTo(request), Random.Shared.NextDouble);
        if (use is not null)
        {
            ordered = [.. ordered.OrderByDescending(c => c.Name == use)];
        }

        telemetry.CountRouted(tier.Name(), policy);
        return new RoutePlan(
            [.. Allowed(ordered, router, tier).Take(MostCandidates)],
            tier,
            new RouteReport { Requested = request.Definition.Name, Policy = policy, Tier = tier.Name(), Difficulty = difficulty, Reason = reason },
            router);
    }

    private (ModelTier Tier, double? Difficulty, string Reason, string? Use) Judge(RouteDefinition router, string question, RequestShape shape, string? agent)
    {
        if (router.Tier is { } wanted)
        {
            return (ModelTiers.Find(wanted)!.Value, null, $"{wanted} was asked for", null);
        }

        var classified = classifier.Classify(question, shape);
        if (RouteRules.Find(router.Rules ?? [], question, shape, agent) is not { } rule)
        {
            return (classified.Tier, classified.Difficulty, classified.Reason, null);
        }

        var number = router.Rules!.ToList().IndexOf(rule) + 1;
        var tier = rule.Tier is { } named ? ModelTiers.Find(named)!.Value
            : (ModelTier)Math.Clamp((int)classified.Tier + (rule.Raise ?? 0), (int)ModelTier.LocalSmall, (int)ModelTier.Expert);
        var says = rule.Use is { } use ? $"asks {use} first" : $"makes it {tier.Name()}";
        return (tier, classified.Difficulty, $"{classified.Reason}; rule {number} {says}", rule.Use);
    }

    private static IEnumerable<Candidate> Allowed(IReadOnlyList<Candidate> ordered, RouteDefinition router, ModelTier tier)
    {
        var first = ordered[0];
        return ordered.Where(c => c == first
            || ((router.May(RoutePolicies.OtherProvider) || c.Definition.Provider == first.Definition.Provider)
                && (router.May(RoutePolicies.SmallerModel) || c.Tier >= tier || first.Tier < tier)));
    }

    private static string StickTo(ChatRequest request) =>
        request.Call.Session?.ToString() ?? request.Call.Run?.ToString() ?? $"{request.Call.Caller.Tenant}\n{request.Call.Caller.Principal}\n{request.Call.Agent}";

    private static ModelException NoneFits(string router, IReadOnlyList<string> leftOut) => new(
        ModelErrorKind.InvalidRequest,
        leftOut.Count == 0 ? $"The router '{router}' has no models to choose from." : $"None of the models of the router '{router}' can answer. {Listed(leftOut)}",
        "Set the key of a provider (such as OPENAI_API_KEY) where the server runs, run Ollama, or give the router other candidates.");

    private static string Listed(IReadOnlyList<string> reasons) =>
        string.Join("; ", reasons.Take(MostCandidates)) + (reasons.Count > MostCandidates ? $"; and {reasons.Count - MostCandidates} more." : ".");
}
