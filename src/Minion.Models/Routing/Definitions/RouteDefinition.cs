namespace Minion.Models;

/// <summary>How the provider <c>router</c> chooses among other models.</summary>
public sealed record RouteDefinition
{
    /// <summary>One of <see cref="RoutePolicies.Names"/>; <c>cheapest</c> when null.</summary>
    public string? Policy { get; init; }

    /// <summary>
    /// Names of declared models, or <c>provider/model</c> of the catalog; at most 32. When null, everything in the catalog whose key the
    /// server has, and the server's own <c>default</c>.
    /// </summary>
    public IReadOnlyList<string>? Candidates { get; init; }

    /// <summary>For the policy <c>weighted</c>: how often each candidate is to be asked first, against the others; 1 unless named.</summary>
    public IReadOnlyDictionary<string, double>? Weights { get; init; }

    /// <summary>What is known better than the classifier knows it; the first that holds counts.</summary>
    public IReadOnlyList<RouteRule>? Rules { get; init; }

    /// <summary>The tier of all requests, without a look at them; null to have each one classified.</summary>
    public string? Tier { get; init; }

    /// <summary>
    /// Whether a poor answer (not the JSON that was wanted, a refusal, nothing) is thrown away and a higher tier asked. Nothing is given out
    /// before an answer is complete, then.
    /// </summary>
    public bool Escalate { get; init; }

    /// <summary>The model that judges answers, when <see cref="Escalate"/>; none when null.</summary>
    public string? Judge { get; init; }

    /// <summary>The least score of the judge, 0 to 1, that an answer passes with; 0.6 when null.</summary>
    public double? MinScore { get; init; }

    /// <summary>
    /// What may be done when the chosen model does not answer: <see cref="RoutePolicies.Steps"/>, in that order whatever the order here.
    /// All of them when null.
    /// </summary>
    public IReadOnlyList<string>? Degrade { get; init; }

    internal bool May(string step) => Degrade is null || Degrade.Contains(step);
}

/// <summary>A rule of a router. All conditions that it names must hold.</summary>
public sealed record RouteRule
{
    /// <summary>A .NET regular expression, not case-sensitive, that the last question matches.</summary>
    public string? Match { get; init; }

    /// <summary>The conversation has at least so many tokens, by estimate.</summary>
    public long? MinTokens { get; init; }

    /// <summary>The conversation has at most so many tokens, by estimate.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>At least so many tools may be called.</summary>
    public int? MinTools { get; init; }

    /// <summary>The agent that asks.</summary>
    public string? Agent { get; init; }

    /// <summary>Whether the answer must be JSON.</summary>
    public bool? Json { get; init; }

    /// <summary>The tier then.</summary>
    public string? Tier { get; init; }

    /// <summary>So many tiers more, or less, than the classifier says; -3 to 3.</summary>
    public int? Raise { get; init; }

    /// <summary>The candidate to ask first then.</summary>
    public string? Use { get; init; }
}

/// <summary>The words of a router.</summary>
public static class RoutePolicies
{
    /// <summary>The cheapest for this request that is good enough for it.</summary>
    public const string Cheapest = "cheapest";

    /// <summary>The one that lately began its answers first.</summary>
    public const string Fastest = "fastest";

    /// <summary>The highest tier.</summary>
    public const string Quality = "quality";

    /// <summary>By chance, by weight.</summary>
    public const string Weighted = "weighted";

    /// <summary>The same for all requests of a session, or a run where there is no session.</summary>
    public const string Sticky = "sticky";

    /// <summary>All policies.</summary>
    public static IReadOnlyList<string> Names { get; } = [Cheapest, Fastest, Quality, Weighted, Sticky];

    /// <summary>The steps of degradation, in their order.</summary>
    public static IReadOnlyList<string> Steps { get; } = [OtherProvider, SmallerModel, Stale];

    internal const string OtherProvider = "provider";

    internal const string SmallerModel = "smaller";

    internal const string Stale = "stale";
}
