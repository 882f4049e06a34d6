namespace Minion.Models.Cache;

/// <summary>A question as a shared store has it.</summary>
internal sealed record StoredQuestion(string Exact, QuestionEmbedding Embedding, DateTimeOffset Created, DateTimeOffset FreshUntil);

/// <summary>
/// This process's copy of the questions in a shared store that cannot search by itself: read whole once for each scope, and from then on only
/// what is new. Bounded in scopes; the least recently used go first.
/// </summary>
internal sealed class SharedQuestions(CacheOptions options, TimeProvider time)
{
    private const int MostScopes = 256;

    /// <summary>What became visible late is still found: a writer's clock may be behind by that much, or its transaction last so long.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Scope> _scopes = new(StringComparer.Ordinal);

    /// <summary>The keys of the nearest questions.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="embedding">What is looked for.</param>
    /// <param name="threshold">The least similarity.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="read">Reads the newest questions that were created after a time; all of them for null.</param>
    public async ValueTask<IReadOnlyList<(string Exact, double Similarity)>> NearestAsync(
        string scope, QuestionEmbedding embedding, double threshold, int count, Func<DateTimeOffset?, ValueTask<IReadOnlyList<StoredQuestion>>> read)
    {
        var copy = Of(scope);
        DateTimeOffset? since;
        lock (copy)
        {
            since = copy.Index.Newest - Overlap;
        }

        var found = await read(since);
        lock (copy)
        {
            foreach (var question in found)
            {
                copy.Index.Set(question.Exact, question.Embedding, question.Created, question.FreshUntil);
            }

            var now = time.GetUtcNow();
            if (copy.Index.Count > options.MaxQuestions + (options.MaxQuestions / 8))
            {
                copy.Index.Trim(options.MaxQuestions, now);
            }

            return copy.Index.Nearest(embedding, threshold, count, now);
        }
    }

    /// <summary>Forgets questions whose answers turned out to be gone.</summary>
    public void Forget(string scope, IEnumerable<string> gone)
    {
        var copy = Of(scope);
        lock (copy)
        {
            foreach (var exact in gone)
            {
                copy.Index.Remove(exact);
            }
        }
    }

    private Scope Of(string scope)
    {
        lock (_lock)
        {
            if (!_scopes.TryGetValue(scope, out var copy))
            {
                if (_scopes.Count >= MostScopes)
                {
                    _scopes.Remove(_scopes.MinBy(s => s.Value.UsedAt).Key);
                }

                _scopes[scope] = copy = new Scope();
            }

            copy.UsedAt = time.GetTimestamp();
            return copy;
        }
    }

    private sealed class Scope
    {
        public QuestionIndex Index { get; } = new();

        public long UsedAt { get; set; }
    }
}
