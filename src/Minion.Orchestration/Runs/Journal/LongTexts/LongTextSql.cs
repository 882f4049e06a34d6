using Npgsql;
using NpgsqlTypes;

namespace Minion.Orchestration.Runs.Journal.LongTexts;

/// <summary>Writing and reading of texts that are kept aside.</summary>
internal static class LongTextSql
{
    // Touching the row is what keeps the collector away from a text that a transaction under way begins to refer to. In order, so that two writers
    // never wait for each other.
    private const string Keep =
        """
        WITH kept AS (
          INSERT INTO orchestration.payloads (tenant, hash, bytes, content, used_at)
          SELECT tenant, hash, bytes, content, $5 FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bytea[]) AS x (tenant, hash, bytes, content)
          ORDER BY tenant, hash
          ON CONFLICT (tenant, hash) DO UPDATE SET used_at = greatest(payloads.used_at, excluded.used_at)
        )
        INSERT INTO orchestration.payload_uses (tenant, run_id, hash)
        SELECT * FROM unnest($6::text[], $7::uuid[], $8::bytea[])
        ON CONFLICT DO NOTHING
        """;

    /// <summary>The texts ($2) that the journals of runs ($1) refer to.</summary>
    private const string OfRuns =
        """
        SELECT DISTINCT ON (p.hash) p.hash, p.content
        FROM orchestration.payload_uses u JOIN orchestration.payloads p ON p.tenant = u.tenant AND p.hash = u.hash
        WHERE u.run_id = ANY($1) AND u.hash = ANY($2)
        ORDER BY p.hash
        """;

    /// <summary>Keeps the texts of runs; one statement for all.</summary>
    public static NpgsqlBatchCommand KeepAll(IReadOnlyList<(string Tenant, Guid Run, LongText Text)> texts, DateTimeOffset now)
    {
        var once = texts.DistinctBy(t => (t.Tenant, t.Text.HexHash)).ToArray();
        return new NpgsqlBatchCommand(Keep)
        {
            Parameters =
            {
                Array(NpgsqlDbType.Text, once.Select(t => t.Tenant)),
                Array(NpgsqlDbType.Bytea, once.Select(t => t.Text.Hash)),
                Array(NpgsqlDbType.Bigint, once.Select(t => t.Text.Bytes)),
                Array(NpgsqlDbType.Bytea, once.Select(t => t.Text.Content)),
                new() { Value = now.UtcDateTime },
                Array(NpgsqlDbType.Text, texts.Select(t => t.Tenant)),
                Array(NpgsqlDbType.Uuid, texts.Select(t => t.Run)),
                Array(NpgsqlDbType.Bytea, texts.Select(t => t.Text.Hash)),
            },
        };
    }

    /// <summary>A statement that gives the texts that journals refer to; null when they refer to none.</summary>
    public static NpgsqlBatchCommand? Find(Guid[] runs, IEnumerable<RawEntry> entries)
    {
        var hashes = entries.Where(e => e.HasLongTexts).SelectMany(e => e.LongTexts).Select(r => r.Hash).Distinct(StringComparer.Ordinal).ToArray();
        return hashes.Length == 0
            ? null
            : new NpgsqlBatchCommand(OfRuns)
            {
                Parameters = { Array(NpgsqlDbType.Uuid, runs), Array(NpgsqlDbType.Bytea, hashes.Select(Convert.FromHexString)) },
            };
    }

    /// <summary>The rows of <see cref="Find"/>.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            texts[Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0))] = LongText.TextOf(reader.GetFieldValue<byte[]>(1));
        }

        return texts;
    }

    private static NpgsqlParameter Array<T>(NpgsqlDbType type, IEnumerable<T> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
