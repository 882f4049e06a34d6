using System.Numerics.Tensors;
using Minion.Models.Cache;
using Minion.Models.Providers.Local;

namespace CacheCurve;

/// <summary>Pairs of questions that look alike, of which the larger part differ in meaning: the hardest there are.</summary>
internal sealed class LookAlikes
{
    private readonly IReadOnlyList<(bool Same, double Similarity, string? Objection)> _pairs;

    public LookAlikes(IEnumerable<QuestionPair> pairs) => _pairs =
    [
        .. pairs.AsParallel().AsOrdered().Select(p => (
            p.Duplicate == 1,
            (double)TensorPrimitives.Dot<float>(HashedText.Embed(p.A), HashedText.Embed(p.B)),
            MeaningGuard.Objection(new QuestionWords(p.A), new QuestionWords(p.B)))),
    ];

    /// <summary>Of the pairs that mean the same the share that hits, of the others the share that does, and the share of hits that is false.</summary>
    public (double Recall, double False, double FalseOfHits) At(double threshold, bool guarded)
    {
        bool Hits((bool Same, double Similarity, string? Objection) p) => p.Similarity >= threshold && (!guarded || p.Objection is null);
        var right = _pairs.Count(p => p.Same && Hits(p));
        var wrong = _pairs.Count(p => !p.Same && Hits(p));
        return ((double)right / _pairs.Count(p => p.Same), (double)wrong / _pairs.Count(p => !p.Same), (double)wrong / Math.Max(1, right + wrong));
    }

    /// <summary>How well similarity alone tells them apart: the area under the curve, 0.5 for chance.</summary>
    public double Area()
    {
        var ordered = _pairs.OrderBy(p => p.Similarity).ToList();
        double ranks = 0;
        for (var i = 0; i < ordered.Count;)
        {
            var j = i;
            while (j < ordered.Count && ordered[j].Similarity.Equals(ordered[i].Similarity))
            {
                j++;
            }

            ranks += (i + j + 1) / 2.0 * ordered.Skip(i).Take(j - i).Count(p => p.Same);
            i = j;
        }

        double same = _pairs.Count(p => p.Same);
        return (ranks - (same * (same + 1) / 2)) / (same * (_pairs.Count - same));
    }

    /// <summary>What each rule keeps from hitting at a threshold: pairs that differ, and pairs that mean the same.</summary>
    public IEnumerable<(string Rule, int Wrong, int Right)> Objections(double threshold) => _pairs
        .Where(p => p.Similarity >= threshold && p.Objection is not null)
        .GroupBy(p => p.Objection!)
        .Select(g => (g.Key, g.Count(p => !p.Same), g.Count(p => p.Same)))
        .OrderByDescending(g => g.Item2);
}
