using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Composing;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Tool sets under their hash, as journals refer to them.</summary>
internal sealed class ToolSetStore([FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine, TimeProvider time)
{
    private const int MaxRemembered = 1_000;

    private readonly ConcurrentDictionary<(string Tenant, string Hash), ToolSet> _known = new();

    /// <summary>Stores a set unless it is there; does nothing for one that this process has stored.</summary>
    public async ValueTask KeepAsync(string tenant, ToolSet set, CancellationToken ct)
    {
        if (_known.ContainsKey((tenant, set.Hash)))
        {
            return;
        }

        await using var connection = await engine.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO orchestration.blobs (tenant, hash, content, used_at) VALUES (@tenant, @hash, @content::jsonb, @now)
            ON CONFLICT (tenant, hash) DO UPDATE SET used_at = excluded.used_at
            """,
            new { tenant, hash = set.HashBytes, content = set.Json, now = time.GetUtcNow().UtcDateTime },
            cancellationToken: ct));
        Remember(tenant, set.Hash, set);
    }

    public async ValueTask<ToolSet?> FindAsync(string tenant, string hash, CancellationToken ct)
    {
        if (_known.TryGetValue((tenant, hash), out var known))
        {
            return known;
        }

        await using var connection = await engine.OpenConnectionAsync(ct);
        var json = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "SELECT content::text FROM orchestration.blobs WHERE tenant = @tenant AND hash = @hash",
            new { tenant, hash = Convert.FromHexString(hash) },
            cancellationToken: ct));
        return json is null ? null : Remember(tenant, hash, ToolSet.Parse(json, hash));
    }

    private ToolSet Remember(string tenant, string hash, ToolSet set)
    {
        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        return _known[(tenant, hash)] = set;
    }
}
