namespace Minion.Models.Cache;

/// <summary>
/// Keeps answers. What is gone is never returned; what is stale is returned by <see cref="FindAsync"/> and never by
/// <see cref="NearestAsync"/>. All of them keep the same conformance suite.
/// </summary>
internal interface ICacheStore
{
    /// <summary>The answer to exactly this request, also a stale one.</summary>
    ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellationToken);

    /// <summary>
    /// The fresh answers within the key's scope whose questions are at least so similar, the most similar first, at most
    /// <paramref name="count"/>; between equals the newest, then the one whose key comes first.
    /// </summary>
    ValueTask<IReadOnlyList<SimilarEntry>> NearestAsync(
        CacheKey key, QuestionEmbedding embedding, double threshold, int count, CancellationToken cancellationToken);

    /// <summary>Keeps an answer, in place of one with the same key.</summary>
    ValueTask PutAsync(CacheEntry entry, CancellationToken cancellationToken);
}
