using Dapper;
using Minion.Data.Embedded;
using Npgsql;

namespace Minion.Crash.Arena;

/// <summary>The one PostgreSQL that the servers share, with a superuser's view of it for the checks.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly EmbeddedPostgres _server;
    private readonly NpgsqlDataSource _superuser;

    private Database(EmbeddedPostgres server, NpgsqlDataSource superuser)
    {
        _server = server;
        _superuser = superuser;
    }

    /// <summary>For the servers.</summary>
    public string ConnectionString => _server.ConnectionString;

    public static async Task<Database> StartAsync(string folder, CancellationToken ct)
    {
        // Not ephemeral: what is committed must survive the death of PostgreSQL. What is not synced is lost with the machine only, and that lives on.
        var server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { Folder = Path.Combine(folder, "database") }, TimeProvider.System, ct);
        var superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.SuperuserConnectionString)
        {
            Database = new NpgsqlConnectionStringBuilder(server.ConnectionString).Database,
            ApplicationName = "crash",
            CommandTimeout = 120,
            // The tables grow faster than their statistics: a plan for a few rows would take minutes on what is there by then.
            Options = "-c enable_nestloop=off",
        });
        var database = new Database(server, superuser);
        await database.ExecuteAsync("ALTER SYSTEM SET fsync = off");
        await database.ExecuteAsync("SELECT pg_reload_conf()");
        return database;
    }

    public async Task<List<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await _superuser.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await _superuser.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    /// <summary>SIGKILL to PostgreSQL, and another start, which recovers from its log.</summary>
    public async Task KillAndStartAsync(CancellationToken ct)
    {
        Signals.Kill(_server.ProcessId!.Value);
        await _server.Exited.WaitAsync(ct);
        await _server.StartAgainAsync(ct);
        NpgsqlConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        await _superuser.DisposeAsync();
        await _server.DisposeAsync();
    }
}
