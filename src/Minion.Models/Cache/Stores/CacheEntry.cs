namespace Minion.Models.Cache;

/// <summary>A kept answer with the place where it belongs.</summary>
/// <param name="Key">Where it belongs.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Embedding">The question's, of length 1; null when only the same request may find it.</param>
/// <param name="Created">When the model gave it.</param>
/// <param name="FreshUntil">From then on it is stale.</param>
/// <param name="KeptUntil">From then on it is gone.</param>
internal sealed record CacheEntry(
    CacheKey Key, CachedAnswer Answer, QuestionEmbedding? Embedding, DateTimeOffset Created, DateTimeOffset FreshUntil, DateTimeOffset KeptUntil)
{
    /// <summary>A sensible estimate of the memory that it takes, in bytes.</summary>
    public long Bytes { get; } =
        512 + (2L * (Key.Question?.Length ?? 0)) + (4L * (Embedding?.Vector.Length ?? 0))
        + Answer.Parts.Sum(p => 96 + (2L * ((p.Text?.Length ?? 0) + (p.Reasoning?.Length ?? 0) + (p.Protected?.Length ?? 0) + (p.Arguments?.Length ?? 0))));
}

/// <summary>What a question means, as numbers.</summary>
/// <param name="Space">Which model made it: only vectors of one space are compared.</param>
/// <param name="Vector">Of length 1.</param>
internal sealed record QuestionEmbedding(string Space, float[] Vector);

/// <summary>A kept answer to a similar question.</summary>
internal sealed record SimilarEntry(CacheEntry Entry, double Similarity);
