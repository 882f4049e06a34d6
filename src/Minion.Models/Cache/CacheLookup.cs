using Microsoft.Extensions.Logging;

namespace Minion.Models.Cache;

/// <summary>An answer that was found, and what its caller is told.</summary>
internal sealed record FoundAnswer(CachedAnswer Answer, CacheHit Hit);

/// <summary>Finds answers: the same request's first, then that of a question which means the same.</summary>
internal sealed class CacheLookup(
    MemoryStore memory, SharedAnswers shared, IQuestionEmbedder embedder, CacheOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>How many similar questions the guard is shown.</summary>
    private const int Candidates = 8;

    /// <summary>How much the look of a question counts between candidates that mean the same.</summary>
    private const double Look = 0.2;

    /// <summary>Longer questions are found exactly or not at all: they are texts, and a similar text is another one.</summary>
    private const int LongestQuestion = 2_000;

    public AnswerCollector Collect() => new(options.MaxAnswerBytes);

    /// <summary>The fresh answer to the same request in this process; takes microseconds.</summary>
    public FoundAnswer? FindInMemory(CacheKey key) => memory.Find(key) is { } entry && IsFresh(entry) ? Found(entry, CacheHitKind.Exact, 1) : null;

    public async ValueTask<FoundAnswer?> FindAsync(CacheKey key, QuestionEmbedding? embedding, CachePolicy policy, CancellationToken cancellationToken)
    {
        if (FindInMemory(key) is { } known)
        {
            return known;
        }

        if (await shared.FindAsync(key, cancellationToken) is { } entry && IsFresh(entry))
        {
            memory.Put(entry);
            return Found(entry, CacheHitKind.Exact, 1);
        }

        return embedding is null ? null : await FindSimilarAsync(key, embedding, policy, cancellationToken);
    }

    /// <summary>The answer to the same request, fresh or not.</summary>
    public async ValueTask<FoundAnswer?> FindStaleAsync(CacheKey key, CancellationToken cancellationToken) =>
        (memory.Find(key) ?? await shared.FindAsync(key, cancellationToken)) is { } entry ? Found(entry, CacheHitKind.Exact, 1) : null;

    public void Keep(CacheKey key, CachedAnswer answer, QuestionEmbedding? embedding, CachePolicy policy)
    {
        var now = time.GetUtcNow();
        var entry = new CacheEntry(key, answer, embedding, now, now + policy.Fresh, now + policy.Fresh + policy.Stale);
        memory.Put(entry);
        shared.Put(entry);
    }

    /// <summary>What the question means; null when only the same request is looked for, or its meaning cannot be had.</summary>
    public async ValueTask<QuestionEmbedding?> EmbedAsync(CacheKey key, CachePolicy policy, CancellationToken cancellationToken)
    {
        if (policy.Mode != CacheMode.Semantic || key.Question is not { Length: <= LongestQuestion } question)
        {
            return null;
        }

        try
        {
            return await embedder.EmbedAsync(question, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogMessages.NotEmbedded(logger, error.Message);
            return null;
        }
    }

    private async ValueTask<FoundAnswer?> FindSimilarAsync(
        CacheKey key, QuestionEmbedding embedding, CachePolicy policy, CancellationToken cancellationToken)
    {
        var inMemory = await memory.NearestAsync(key, embedding, policy.LeastSimilarity, Candidates, cancellationToken);
        var elsewhere = await shared.NearestAsync(key, embedding, policy.LeastSimilarity, Candidates, cancellationToken);
        return Best(key.Question!, inMemory.Concat(elsewhere)) is { } best ? Found(best.Entry, CacheHitKind.Semantic, best.Similarity) : null;
    }

    /// <summary>The one to answer with, of those that are similar enough; null when the guard objects to all of them.</summary>
    internal static SimilarEntry? Best(string question, IEnumerable<SimilarEntry> similar)
    {
        var asked = new QuestionWords(question);
        return similar
            .Where(s => MeaningGuard.Objection(asked, new QuestionWords(s.Entry.Key.Question!)) is null)
            .MaxBy(s => s.Similarity + (Look * Alike.Texts(question, s.Entry.Key.Question!)));
    }

    private FoundAnswer Found(CacheEntry entry, CacheHitKind kind, double similarity) => new(entry.Answer, new CacheHit(
        kind, similarity, time.GetUtcNow() - entry.Created, !IsFresh(entry), entry.Answer.InputTokens, entry.Answer.OutputTokens, entry.Answer.Usd));

    private bool IsFresh(CacheEntry entry) => entry.FreshUntil > time.GetUtcNow();
}
