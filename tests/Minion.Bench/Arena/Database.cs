using Minion.Data.Embedded;
using Npgsql;

namespace Minion.Bench.Arena;

/// <summary>The embedded PostgreSQL with the settings that users have (what is committed is on disk), and a superuser's view of it.</summary>
internal sealed class Database : IAsyncDisposable
{
    // pgbench's clients beside the server's.
    private static readonly (string, string)[] Settings = [("max_connections", "700")];

    private readonly EmbeddedPostgres _server;
    private readonly NpgsqlDataSource _superuser;

    private Database(EmbeddedPostgres server, NpgsqlDataSource superuser)
    {
        _server = server;
        _superuser = superuser;
    }

    /// <summary>For the servers.</summary>
    public string ConnectionString => _server.ConnectionString;

    /// <summary>The superuser's, in the servers' database.</summary>
    public NpgsqlConnectionStringBuilder Superuser => new(_superuser.ConnectionString) { Password = new NpgsqlConnectionStringBuilder(_server.SuperuserConnectionString).Password };

    /// <summary>Where PostgreSQL's programs are.</summary>
    public string Programs => _server.Programs.Folder;

    public static async Task<Database> StartAsync(string folder, CancellationToken ct)
    {
        var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { Folder = folder, Settings = Settings }, TimeProvider.System, ct);
        var superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.SuperuserConnectionString)
        {
            Database = new NpgsqlConnectionStringBuilder(server.ConnectionString).Database,
            ApplicationName = "bench",
            CommandTimeout = 60,
            MaxPoolSize = 4,
        });
        return new Database(server, superuser);
    }

    public async Task<long> CountAsync(string sql, CancellationToken ct)
    {
        await using var command = _superuser.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = _superuser.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _superuser.DisposeAsync();
        await _server.DisposeAsync();
    }
}
