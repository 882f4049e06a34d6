using Minion.Models.Cache;
using Minion.Models.Providers.Local;

namespace CacheCurve;

/// <summary>
/// The workload of repeated questions: all origins are put into one scope of the real store, then each is asked for in other words. A hit on
/// another origin is a false one; origins with the same text are one entry.
/// </summary>
internal sealed class RepeatedQuestions
{
    private readonly IReadOnlyList<(Repeat Repeat, IReadOnlyList<SimilarEntry> Similar)> _asked;

    private RepeatedQuestions(IReadOnlyList<(Repeat, IReadOnlyList<SimilarEntry>)> asked) => _asked = asked;

    public static async Task<RepeatedQuestions> AskAsync(IReadOnlyList<Repeat> repeats)
    {
        var time = TimeProvider.System;
        var store = new MemoryStore(new Minion.Models.CacheOptions(), time);
        foreach (var repeat in repeats)
        {
            await store.PutAsync(Entry(repeat.Origin, time.GetUtcNow()), default);
        }

        var asked = new List<(Repeat, IReadOnlyList<SimilarEntry>)>();
        foreach (var repeat in repeats)
        {
            asked.Add((repeat, await store.NearestAsync(Key(repeat.Similar), Embedding(repeat.Similar), 0.2, 8, default)));
        }

        return new RepeatedQuestions(asked);
    }

    /// <summary>The share of questions that hit, and that hit falsely.</summary>
    public (double Hits, double False) At(double threshold, bool guarded, Func<Repeat, bool>? only = null)
    {
        var (all, hits, wrong) = (0, 0, 0);
        foreach (var (repeat, similar) in _asked.Where(a => only?.Invoke(a.Repeat) ?? true))
        {
            all++;
            var candidates = similar.Where(s => s.Similarity >= threshold);
            if ((guarded ? CacheLookup.Best(repeat.Similar, candidates) : candidates.FirstOrDefault()) is { } best)
            {
                hits++;
                wrong += best.Entry.Key.Question == repeat.Origin ? 0 : 1;
            }
        }

        return ((double)hits / all, (double)wrong / all);
    }

    /// <summary>How often each rule objects to a question's own origin.</summary>
    public IEnumerable<(string Rule, int Count)> Refused(double threshold) => _asked
        .Where(a => a.Similar.Any(s => s.Similarity >= threshold && s.Entry.Key.Question == a.Repeat.Origin))
        .Select(a => MeaningGuard.Objection(new QuestionWords(a.Repeat.Similar), new QuestionWords(a.Repeat.Origin)))
        .OfType<string>()
        .GroupBy(r => r)
        .Select(g => (g.Key, g.Count()))
        .OrderByDescending(g => g.Item2);

    private static CacheEntry Entry(string question, DateTimeOffset now) => new(
        Key(question), new CachedAnswer([new CachedPart(Text: question)], "stop", null, 0, 0, null), Embedding(question), now, now.AddHours(1), now.AddHours(1));

    private static CacheKey Key(string question) => new("t", "a", question, "scope", question);

    private static QuestionEmbedding Embedding(string question) => new(HashedText.Name, HashedText.Embed(question));
}
