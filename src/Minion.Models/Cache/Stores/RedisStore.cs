using StackExchange.Redis;

namespace Minion.Models.Cache;

/// <summary>
/// Keeps answers in Redis, for all processes that use it. The keys of one scope share a hash tag, so that they are on one node of a cluster:
/// <c>…:a:exact</c> the entries, each with its own end, <c>…:q</c> the questions by age (a sorted set), no more than are compared.
/// </summary>
internal sealed class RedisStore(Func<IConnectionMultiplexer> redis, CacheOptions options, TimeProvider time) : ICacheStore
{
    private const string Put =
        """
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        if ARGV[3] ~= '' then
            redis.call('ZADD', KEYS[2], ARGV[3], ARGV[4])
            redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - tonumber(ARGV[5]))
            if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then
                redis.call('PEXPIRE', KEYS[2], ARGV[2])
            end
        end
        """;

    private readonly SharedQuestions _questions = new(options, time);

    // Connecting may block for seconds; nobody waits longer for it than for an answer.
    private readonly Lazy<Task<IConnectionMultiplexer>> _redis = new(() => Task.Factory.StartNew(
        redis, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default));

    public async ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellationToken) =>
        (await ReadAsync(key, [key.Exact], cancellationToken)).FirstOrDefault();

    public async ValueTask<IReadOnlyList<SimilarEntry>> NearestAsync(
        CacheKey key, QuestionEmbedding embedding, double threshold, int count, CancellationToken cancellationToken)
    {
        var nearest = await _questions.NearestAsync(key.Scope, embedding, threshold, count, since => QuestionsAsync(key, since, cancellationToken));
        if (nearest.Count == 0)
        {
            return [];
        }

        var entries = (await ReadAsync(key, [.. nearest.Select(n => n.Exact)], cancellationToken)).ToDictionary(e => e.Key.Exact);
        _questions.Forget(key.Scope, nearest.Select(n => n.Exact).Where(exact => !entries.ContainsKey(exact)));
        return [.. nearest.Where(n => entries.ContainsKey(n.Exact)).Select(n => new SimilarEntry(entries[n.Exact], n.Similarity))];
    }

    public async ValueTask PutAsync(CacheEntry entry, CancellationToken cancellationToken)
    {
        var left = (long)(entry.KeptUntil - time.GetUtcNow()).TotalMilliseconds;
        if (left > 0)
        {
            var database = await DatabaseAsync(cancellationToken);
            await database.ScriptEvaluateAsync(
                Put,
                [AnswerKey(entry.Key, entry.Key.Exact), QuestionsKey(entry.Key)],
                [StoredEntry.ToJson(entry), left, entry.Embedding is null ? "" : $"{entry.Created.ToUnixTimeMilliseconds()}", entry.Key.Exact, options.MaxQuestions])
                .WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<CacheEntry>> ReadAsync(CacheKey key, string[] exact, CancellationToken cancellationToken)
    {
        var database = await DatabaseAsync(cancellationToken);
        var values = await database.StringGetAsync([.. exact.Select(e => AnswerKey(key, e))]).WaitAsync(cancellationToken);
        var now = time.GetUtcNow();
        return
        [
            .. values.Where(v => v.HasValue)
                .Select(v => StoredEntry.FromJson((byte[])v!))
                .OfType<CacheEntry>()
                .Where(e => e.Key.Tenant == key.Tenant && e.KeptUntil > now),
        ];
    }

    private async ValueTask<IReadOnlyList<StoredQuestion>> QuestionsAsync(CacheKey key, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var database = await DatabaseAsync(cancellationToken);
        var exact = await database
            .SortedSetRangeByScoreAsync(QuestionsKey(key), since?.ToUnixTimeMilliseconds() ?? 0, take: options.MaxQuestions, order: Order.Descending)
            .WaitAsync(cancellationToken);
        return exact.Length == 0
            ? []
            : [.. (await ReadAsync(key, [.. exact.Select(e => e.ToString())], cancellationToken))
                .Where(e => e.Embedding is not null)
                .Select(e => new StoredQuestion(e.Key.Exact, e.Embedding!, e.Created, e.FreshUntil))];
    }

    private async ValueTask<IDatabase> DatabaseAsync(CancellationToken cancellationToken) =>
        (await _redis.Value.WaitAsync(cancellationToken)).GetDatabase();

    private static RedisKey AnswerKey(CacheKey key, string exact) => $"minion:cache:{{{key.Scope}}}:a:{exact}";

    private static RedisKey QuestionsKey(CacheKey key) => $"minion:cache:{{{key.Scope}}}:q";
}
