using System.Numerics.Tensors;

namespace Minion.Models.Cache;

/// <summary>The vectors of one scope's questions, searched one by one: exact, and fast enough for thousands. Not for several threads at once.</summary>
internal sealed class QuestionIndex
{
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);

    public int Count => _rows.Count;

    /// <summary>The newest time of creation; null when empty.</summary>
    public DateTimeOffset? Newest { get; private set; }

    public void Set(string exact, QuestionEmbedding embedding, DateTimeOffset created, DateTimeOffset freshUntil)
    {
        _rows[exact] = new Row(exact, embedding, created, freshUntil);
        Newest = Newest > created ? Newest : created;
    }

    public void Remove(string exact) => _rows.Remove(exact);

    /// <summary>Leaves the newest <paramref name="count"/>, and none that is stale.</summary>
    public void Trim(int count, DateTimeOffset now)
    {
        foreach (var row in _rows.Values.OrderByDescending(r => r.Created).Where((r, i) => i >= count || r.FreshUntil <= now).ToList())
        {
            _rows.Remove(row.Exact);
        }
    }

    /// <summary>The keys of the nearest, in the order that <see cref="ICacheStore.NearestAsync"/> names.</summary>
    public IReadOnlyList<(string Exact, double Similarity)> Nearest(QuestionEmbedding embedding, double threshold, int count, DateTimeOffset now) =>
    [
        .. _rows.Values
            .Where(r => r.FreshUntil > now && r.Embedding.Space == embedding.Space && r.Embedding.Vector.Length == embedding.Vector.Length)
            .Select(r => (Row: r, Similarity: (double)TensorPrimitives.Dot<float>(r.Embedding.Vector, embedding.Vector)))
            .Where(r => r.Similarity >= threshold)
            .OrderByDescending(r => r.Similarity).ThenByDescending(r => r.Row.Created).ThenBy(r => r.Row.Exact, StringComparer.Ordinal)
            .Take(count)
            .Select(r => (r.Row.Exact, Math.Min(1, r.Similarity))),
    ];

    private sealed record Row(string Exact, QuestionEmbedding Embedding, DateTimeOffset Created, DateTimeOffset FreshUntil);
}
