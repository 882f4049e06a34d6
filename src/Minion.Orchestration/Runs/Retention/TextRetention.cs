using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Runs.Retention;

/// <summary>Removes long texts that no journal refers to any more.</summary>
internal sealed class TextRetention(
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource database, IOptions<RetentionOptions> options, TimeProvider time)
{
    // Whoever begins to refer to a text touches it in the same transaction, so that this one waits, looks again and leaves it.
    private const string Collect =
        """
        DELETE FROM orchestration.payloads p USING (
          SELECT tenant, hash FROM orchestration.payloads o
          WHERE used_at < $1 AND NOT EXISTS (SELECT FROM orchestration.payload_uses u WHERE u.tenant = o.tenant AND u.hash = o.hash)
          ORDER BY tenant, hash LIMIT $2 FOR UPDATE SKIP LOCKED) unused
        WHERE p.tenant = unused.tenant AND p.hash = unused.hash
        """;

    /// <summary>Removes all that are over; returns how many.</summary>
    public async Task<int> CollectAsync(CancellationToken ct)
    {
        var removed = 0;
        while (true)
        {
            await using var command = database.CreateCommand(Collect);
            command.Parameters.Add(new() { Value = (time.GetStoredNow() - options.Value.Texts).UtcDateTime });
            command.Parameters.Add(new() { Value = options.Value.Batch });
            var now = await command.ExecuteNonQueryAsync(ct);
            removed += now;
            if (now < options.Value.Batch)
            {
                return removed;
            }
        }
    }
}
