namespace Minion.Models.Cache;

/// <summary>Keeps answers in this process, within bounds of number and bytes; the least recently used go first.</summary>
internal sealed class MemoryStore(CacheOptions options, TimeProvider time) : ICacheStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<CacheEntry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<CacheEntry> _byUse = new();
    private readonly Dictionary<string, QuestionIndex> _scopes = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    public long Bytes { get; private set; }

    public ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellationToken) => ValueTask.FromResult(Find(key));

    public CacheEntry? Find(CacheKey key)
    {
        lock (_lock)
        {
            return Use(key.Exact) is { } entry && entry.Key.Tenant == key.Tenant ? entry : null;
        }
    }

    public ValueTask<IReadOnlyList<SimilarEntry>> NearestAsync(
        CacheKey key, QuestionEmbedding embedding, double threshold, int count, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = new List<SimilarEntry>();
            if (_scopes.TryGetValue(key.Scope, out var scope))
            {
                foreach (var (exact, similarity) in scope.Nearest(embedding, threshold, count, time.GetUtcNow()))
                {
                    if (Use(exact) is { } entry && entry.Key.Tenant == key.Tenant)
                    {
                        found.Add(new SimilarEntry(entry, similarity));
                    }
                }
            }

            return ValueTask.FromResult<IReadOnlyList<SimilarEntry>>(found);
        }
    }

    public ValueTask PutAsync(CacheEntry entry, CancellationToken cancellationToken)
    {
        Put(entry);
        return ValueTask.CompletedTask;
    }

    public void Put(CacheEntry entry)
    {
        lock (_lock)
        {
            Remove(entry.Key.Exact);
            if (entry.KeptUntil > time.GetUtcNow() && entry.Bytes <= options.MaxBytes)
            {
                Add(entry);
            }
        }
    }

    private void Add(CacheEntry entry)
    {
        _entries[entry.Key.Exact] = _byUse.AddFirst(entry);
        Bytes += entry.Bytes;
        if (entry.Embedding is { } embedding)
        {
            if (!_scopes.TryGetValue(entry.Key.Scope, out var scope))
            {
                _scopes[entry.Key.Scope] = scope = new QuestionIndex();
            }

            scope.Set(entry.Key.Exact, embedding, entry.Created, entry.FreshUntil);
            if (scope.Count > options.MaxQuestions + (options.MaxQuestions / 8))
            {
                scope.Trim(options.MaxQuestions, time.GetUtcNow());
            }
        }

        while (_entries.Count > options.MaxEntries || Bytes > options.MaxBytes)
        {
            Remove(_byUse.Last!.Value.Key.Exact);
        }
    }

    private CacheEntry? Use(string exact)
    {
        if (!_entries.TryGetValue(exact, out var node))
        {
            return null;
        }

        if (node.Value.KeptUntil <= time.GetUtcNow())
        {
            Remove(exact);
            return null;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value;
    }

    private void Remove(string exact)
    {
        if (!_entries.Remove(exact, out var node))
        {
            return;
        }

        _byUse.Remove(node);
        Bytes -= node.Value.Bytes;
        if (_scopes.TryGetValue(node.Value.Key.Scope, out var scope))
        {
            scope.Remove(exact);
            if (scope.Count == 0)
            {
                _scopes.Remove(node.Value.Key.Scope);
            }
        }
    }
}
