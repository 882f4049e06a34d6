using Minion.Models.Providers.Local;

namespace Minion.Models.Routing;

/// <summary>In which order candidates are asked. Pure.</summary>
internal static class Ordering
{
    /// <summary>
    /// Those of the wanted tier or above by the policy, then smaller ones from the largest down; what is broken now comes last among those
    /// it stands with.
    /// </summary>
    /// <param name="candidates">All that fit.</param>
    /// <param name="policy">One of <see cref="RoutePolicies.Names"/>.</param>
    /// <param name="tier">The tier that is wanted.</param>
    /// <param name="needs">What the request asks for.</param>
    /// <param name="weights">For <c>weighted</c>.</param>
    /// <param name="stickTo">For <c>sticky</c>: what is to stay with one model.</param>
    /// <param name="random">Between 0 and 1, for <c>weighted</c>.</param>
    public static IReadOnlyList<Candidate> Order(
        IReadOnlyList<Candidate> candidates,
        string policy,
        ModelTier tier,
        RequestNeeds needs,
        IReadOnlyDictionary<string, double>? weights,
        string stickTo,
        Func<double> random)
    {
        var good = candidates.Where(c => c.Tier >= tier).ToList();
        var smaller = candidates.Where(c => c.Tier < tier).OrderByDescending(c => c.Tier).ThenBy(c => c.Cost(needs));
        IEnumerable<Candidate> first = policy switch
        {
            // One whose speed is not known yet is asked, so that it becomes known.
            RoutePolicies.Fastest => good.OrderBy(c => c.Health.FirstPart ?? TimeSpan.Zero).ThenBy(c => c.Cost(needs)),
            RoutePolicies.Quality => good.OrderByDescending(c => c.Tier).ThenByDescending(c => c.Cost(needs)),

            // Efraimidis and Spirakis 2006: an order by chance in which each comes first as often as its weight says.
            RoutePolicies.Weighted => good.OrderByDescending(c => Math.Pow(random(), 1 / Math.Max(1e-9, weights?.GetValueOrDefault(c.Name, 1) ?? 1))),

            // Rendezvous hashing (Thaler and Ravishankar 1998): a model that comes or goes moves only what is its own.
            RoutePolicies.Sticky => good.OrderByDescending(c => StableHash.Of($"{stickTo}\n{c.Name}")),
            _ => good.OrderBy(c => c.Cost(needs)).ThenBy(c => c.Tier),
        };
        return [.. PoorLast(first), .. PoorLast(smaller)];
    }

    /// <summary>After a failure of <paramref name="failed"/>: those of other providers first.</summary>
    public static IEnumerable<Candidate> OthersFirst(IEnumerable<Candidate> left, Candidate failed) =>
        left.OrderBy(c => c.Definition.Provider == failed.Definition.Provider && c.Definition.Url == failed.Definition.Url);

    private static IEnumerable<Candidate> PoorLast(IEnumerable<Candidate> candidates) => candidates.OrderBy(c => c.Health.IsPoor);
}
