using Minion.Data;
using Npgsql;

namespace Minion.Models.Cache;

/// <summary>Nearest questions by pgvector (https://github.com/pgvector/pgvector), when the database has it.</summary>
internal sealed class PgVector(NpgsqlDataSource database)
{
    private readonly Dictionary<int, string?> _schemas = [];

    /// <summary>The extension's schema, quoted, when there is an index for vectors of this length; found out once for each length.</summary>
    public async ValueTask<string?> FindSchemaAsync(int dimensions, CancellationToken cancellationToken)
    {
        lock (_schemas)
        {
            if (_schemas.TryGetValue(dimensions, out var known))
            {
                return known;
            }
        }

        await using var command = database.CreateCommand(
            """
            SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
            WHERE e.extname = 'vector' AND models.prepare_vectors($1)
            """);
        command.Parameters.Add(new() { Value = dimensions });
        var schema = await command.ExecuteScalarAsync(cancellationToken) as string;
        lock (_schemas)
        {
            _schemas[dimensions] = schema;
        }

        return schema;
    }

    /// <summary>As <see cref="ICacheStore.NearestAsync"/> orders them. The vectors have the length 1, so their inner product is the cosine.</summary>
    public async ValueTask<IReadOnlyList<(string Exact, double Similarity)>> NearestAsync(
        string schema, CacheKey key, QuestionEmbedding embedding, double threshold, int count, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var length = embedding.Vector.Length;
        await using var batch = database.CreateTenantBatch(key.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            SELECT exact, similarity FROM (
                SELECT exact, created_at, -((embedding::{schema}.vector({length})) OPERATOR({schema}.<#>) $4::real[]::{schema}.vector({length})) AS similarity
                FROM models.cached_answers
                WHERE tenant = $1 AND scope = $2 AND space = $3 AND fresh_until > $5 AND array_length(embedding, 1) = {length}
                ORDER BY (embedding::{schema}.vector({length})) OPERATOR({schema}.<#>) $4::real[]::{schema}.vector({length}), created_at DESC, exact
                LIMIT $6) nearest
            WHERE similarity >= $7
            """)
        {
            Parameters =
            {
                new() { Value = key.Tenant },
                new() { Value = Convert.FromHexString(key.Scope) },
                new() { Value = embedding.Space },
                new() { Value = embedding.Vector },
                new() { Value = now },
                new() { Value = count },
                new() { Value = threshold },
            },
        });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        var found = new List<(string, double)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0)), Math.Min(1, reader.GetDouble(1))));
        }

        return found;
    }
}
