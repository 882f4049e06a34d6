using System.Globalization;
using Npgsql;

namespace Minion.Tools.Sources.Sql;

/// <summary>
/// One transaction on a connection. The database holds what it says: a transaction that began read-only cannot be made a writing
/// one after its first query, and only one statement follows.
/// </summary>
internal sealed class SqlSession : IAsyncDisposable
{
    private const int OpenForAtMost = 60_000;

    private SqlSession(NpgsqlConnection connection) => Connection = connection;

    public NpgsqlConnection Connection { get; }

    public static async Task<SqlSession> BeginAsync(NpgsqlDataSource dataSource, SqlSettings settings, bool write, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var session = new SqlSession(connection);
        try
        {
            var timeout = ((long)settings.Timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new NpgsqlBatchCommand(write ? "BEGIN READ WRITE" : "BEGIN READ ONLY"),
                    new NpgsqlBatchCommand(
                        """
                        SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $1, true),
                               set_config('idle_in_transaction_session_timeout', $2, true),
                               set_config('search_path', CASE WHEN $3 = '' THEN current_setting('search_path') ELSE $3 END, true)
                        """)
                    {
                        Parameters =
                        {
                            new() { Value = timeout },
                            new() { Value = OpenForAtMost.ToString(CultureInfo.InvariantCulture) },
                            new() { Value = string.Join(", ", settings.Schemas.Select(Quote)) },
                        },
                    },
                },
            };
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("COMMIT", Connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Leaves nothing behind: no transaction, and no lock that outlives one.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var rollback = new NpgsqlCommand("ROLLBACK", Connection) { CommandTimeout = 5 };
            await rollback.ExecuteNonQueryAsync();
            await using var unlock = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", Connection) { CommandTimeout = 5 };
            await unlock.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or OperationCanceledException)
        {
            // A connection on which this does not work is closed, and the database ends what it held.
            NpgsqlConnection.ClearPool(Connection);
        }

        await Connection.DisposeAsync();
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
