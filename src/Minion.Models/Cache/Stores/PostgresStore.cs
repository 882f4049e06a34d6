using Minion.Data;
using Npgsql;

namespace Minion.Models.Cache;

/// <summary>
/// Keeps answers in <c>models.cached_answers</c>, for all processes on one database. Where pgvector is installed it finds the nearest questions,
/// else this process does among its copy of them.
/// </summary>
internal sealed class PostgresStore(NpgsqlDataSource database, CacheOptions options, TimeProvider time) : ICacheStore
{
    private const string Columns = "exact, scope, agent, question, space, embedding, answer, created_at, fresh_until, kept_until";

    private const string Upsert =
        """
        INSERT INTO models.cached_answers (tenant, exact, scope, agent, question, space, embedding, answer, created_at, fresh_until, kept_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (tenant, exact) DO UPDATE SET answer = excluded.answer, space = excluded.space, embedding = excluded.embedding,
            created_at = excluded.created_at, fresh_until = excluded.fresh_until, kept_until = excluded.kept_until
        """;

    private readonly SharedQuestions _questions = new(options, time);
    private readonly PgVector _vectors = new(database);

    public async ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellationToken) =>
        (await ReadAsync(key.Tenant, [key.Exact], cancellationToken)).FirstOrDefault();

    public async ValueTask<IReadOnlyList<SimilarEntry>> NearestAsync(
        CacheKey key, QuestionEmbedding embedding, double threshold, int count, CancellationToken cancellationToken)
    {
        var nearest = await _vectors.FindSchemaAsync(embedding.Vector.Length, cancellationToken) is { } schema
            ? await _vectors.NearestAsync(schema, key, embedding, threshold, count, time.GetUtcNow(), cancellationToken)
            : await _questions.NearestAsync(key.Scope, embedding, threshold, count, since => QuestionsAsync(key, since, cancellationToken));
        if (nearest.Count == 0)
        {
            return [];
        }

        var entries = (await ReadAsync(key.Tenant, [.. nearest.Select(n => n.Exact)], cancellationToken)).ToDictionary(e => e.Key.Exact);
        _questions.Forget(key.Scope, nearest.Select(n => n.Exact).Where(exact => !entries.ContainsKey(exact)));
        return [.. nearest.Where(n => entries.ContainsKey(n.Exact)).Select(n => new SimilarEntry(entries[n.Exact], n.Similarity))];
    }

    public async ValueTask PutAsync(CacheEntry entry, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(entry.Key.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Upsert)
        {
            Parameters =
            {
                new() { Value = entry.Key.Tenant },
                new() { Value = Convert.FromHexString(entry.Key.Exact) },
                new() { Value = Convert.FromHexString(entry.Key.Scope) },
                new() { Value = entry.Key.Agent },
                new() { Value = (object?)Storable(entry.Key.Question) ?? DBNull.Value, DataTypeName = "text" },
                new() { Value = (object?)entry.Embedding?.Space ?? DBNull.Value, DataTypeName = "text" },
                new() { Value = (object?)entry.Embedding?.Vector ?? DBNull.Value, DataTypeName = "real[]" },
                new() { Value = entry.Answer.ToJson() },
                new() { Value = entry.Created },
                new() { Value = entry.FreshUntil },
                new() { Value = entry.KeptUntil },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes a bounded number of rows that are over; how many it removed.</summary>
    public async Task<long> PruneAsync(int rows, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT models.prune_cached_answers($1, $2, $3)");
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(new() { Value = options.MaxTenantEntries });
        command.Parameters.Add(new() { Value = rows });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<IReadOnlyList<CacheEntry>> ReadAsync(string tenant, string[] exact, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {Columns} FROM models.cached_answers WHERE tenant = $1 AND exact = ANY ($2) AND kept_until > $3")
        {
            Parameters = { new() { Value = tenant }, new() { Value = exact.Select(Convert.FromHexString).ToArray() }, new() { Value = time.GetUtcNow() } },
        });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        var entries = new List<CacheEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (CachedAnswer.FromJson(reader.GetFieldValue<byte[]>(6)) is { } answer)
            {
                entries.Add(Entry(tenant, reader, answer));
            }
        }

        return entries;
    }

    private async ValueTask<IReadOnlyList<StoredQuestion>> QuestionsAsync(CacheKey key, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(key.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            SELECT exact, space, embedding, created_at, fresh_until FROM models.cached_answers
            WHERE tenant = $1 AND scope = $2 AND embedding IS NOT NULL AND created_at > $3 AND fresh_until > $4
            ORDER BY created_at DESC LIMIT $5
            """)
        {
            Parameters =
            {
                new() { Value = key.Tenant },
                new() { Value = Convert.FromHexString(key.Scope) },
                new() { Value = since ?? DateTimeOffset.UnixEpoch },
                new() { Value = time.GetUtcNow() },
                new() { Value = options.MaxQuestions },
            },
        });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        var questions = new List<StoredQuestion>();
        while (await reader.ReadAsync(cancellationToken))
        {
            questions.Add(new StoredQuestion(
                Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0)),
                new QuestionEmbedding(reader.GetString(1), reader.GetFieldValue<float[]>(2)),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetFieldValue<DateTimeOffset>(4)));
        }

        return questions;
    }

    private static CacheEntry Entry(string tenant, NpgsqlDataReader reader, CachedAnswer answer) => new(
        new CacheKey(
            tenant,
            reader.GetString(2),
            Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0)),
            Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1)),
            reader.IsDBNull(3) ? null : reader.GetString(3)),
        answer,
        reader.IsDBNull(5) ? null : new QuestionEmbedding(reader.GetString(4), reader.GetFieldValue<float[]>(5)),
        reader.GetFieldValue<DateTimeOffset>(7),
        reader.GetFieldValue<DateTimeOffset>(8),
        reader.GetFieldValue<DateTimeOffset>(9));

    /// <summary>PostgreSQL's text has no zero character; the question is only compared, its exact form is in the hash.</summary>
    private static string? Storable(string? text) => text?.Replace('\0', ' ');
}
