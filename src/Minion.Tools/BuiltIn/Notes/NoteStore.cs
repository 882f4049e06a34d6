using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Data;
using Npgsql;

namespace Minion.Tools.BuiltIn.Notes;

/// <summary>Notes of a tenant, in <c>tools.notes</c>.</summary>
internal sealed class NoteStore([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Notes that one tenant may have.</summary>
    public const int Most = 100_000;

    private const string Insert =
        """
        WITH present AS MATERIALIZED (SELECT count(*) AS notes FROM tools.notes),
        added AS (
            INSERT INTO tools.notes (tenant, id, text, principal, agent, call_key, created_at)
            SELECT $1, $2, $3, $4, $5, $6, $7 FROM present WHERE notes < $8
            RETURNING 1)
        SELECT notes + (SELECT count(*) FROM added), EXISTS (SELECT FROM added) FROM present
        """;

    private const string Latest =
        "SELECT id, text, created_at, (SELECT count(*) FROM tools.notes) FROM tools.notes ORDER BY id DESC LIMIT $1";

    /// <summary>Adds a note; null when the tenant has as many as it may have.</summary>
    public async Task<NoteAdded?> AddAsync(ToolCall call, string text, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var batch = database.CreateTenantBatch(call.Caller.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                new() { Value = call.Caller.Tenant },
                new() { Value = id },
                new() { Value = text },
                new() { Value = call.Caller.Principal },
                new() { Value = call.Origin.Proven.Agent },
                new() { Value = call.IdempotencyKey },
                new() { Value = now },
                new() { Value = (long)Most },
            },
        });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(1) ? new NoteAdded(id, reader.GetInt64(0)) : null;
    }

    /// <summary>The latest notes, the newest first, and how many there are in all.</summary>
    public async Task<NoteList> ListAsync(Caller caller, int limit, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(caller.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Latest) { Parameters = { new() { Value = limit } } });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        var notes = new List<Note>();
        var count = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            notes.Add(new Note(reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)));
            count = reader.GetInt64(3);
        }

        return new NoteList(notes, count);
    }
}
