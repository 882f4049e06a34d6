using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Composing;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Reads the part of a session that a run was accepted with.</summary>
internal sealed class HistoryStore([FromKeyedServices(DatabaseRoles.EngineByKey)] NpgsqlDataSource engine)
{
    public async Task<IReadOnlyList<HistoryMessage>> ReadAsync(string tenant, Guid session, long first, long last, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        return
        [
            .. await connection.QueryAsync<HistoryMessage>(new CommandDefinition(
                """
                SELECT role, content FROM orchestration.session_messages
                WHERE tenant = @tenant AND session_id = @session AND seq BETWEEN @first AND @last ORDER BY seq
                """,
                new { tenant, session, first, last },
                cancellationToken: ct)),
        ];
    }
}
