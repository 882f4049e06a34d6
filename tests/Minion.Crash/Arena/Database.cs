using System.Net;
using System.Net.Sockets;
using Dapper;
using Minion.Crash.Serving;
using Minion.Data.Embedded;
using Npgsql;

namespace Minion.Crash.Arena;

/// <summary>The one PostgreSQL that the servers share, with a superuser's view of it for the checks.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly EmbeddedPostgres _server;
    private readonly NpgsqlDataSource _superuser;
    private Tampering? _tampering;

    private Database(EmbeddedPostgres server, NpgsqlDataSource superuser)
    {
        _server = server;
        _superuser = superuser;
    }

    /// <summary>Where it listens.</summary>
    public EndPoint EndPoint
    {
        get
        {
            var direct = new NpgsqlConnectionStringBuilder(_server.ConnectionString);
            return new UnixDomainSocketEndPoint(Path.Combine(direct.Host!, $".s.PGSQL.{direct.Port}"));
        }
    }

    /// <summary>Whether what is looked at now was spoilt on purpose.</summary>
    public bool IsTampered => _tampering is not null;

    /// <summary>For a server that comes by a way of its own.</summary>
    public string ConnectionStringBy(Proxy proxy) =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString;

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
        await database.ExecuteAsync(CountedCalls.Create);
        return database;
    }

    public async Task<List<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        if (_tampering is { } tampering)
        {
            return [.. await tampering.Connection.QueryAsync<T>(sql, parameters, tampering.Transaction)];
        }

        await using var connection = await _superuser.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    /// <summary>Rows of a statement with positional parameters, each read by <paramref name="read"/>.</summary>
    public async Task<List<T>> ReadAsync<T>(string sql, object[] parameters, Func<NpgsqlDataReader, T> read)
    {
        await using var own = _tampering is null ? await _superuser.OpenConnectionAsync() : null;
        await using var command = new NpgsqlCommand(sql, own ?? _tampering!.Connection, _tampering?.Transaction);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await _superuser.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    /// <summary>Until the result is disposed of, queries see what <paramref name="sql"/> has spoilt; nobody else does.</summary>
    public async Task<IAsyncDisposable> TamperAsync(string sql)
    {
        var connection = await _superuser.OpenConnectionAsync();
        var tampering = new Tampering(this, connection, await connection.BeginTransactionAsync());
        try
        {
            await connection.ExecuteAsync(sql, transaction: tampering.Transaction);
        }
        catch
        {
            await tampering.DisposeAsync();
            throw;
        }

        _tampering = tampering;
        return tampering;
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

    private sealed record Tampering(Database Database, NpgsqlConnection Connection, NpgsqlTransaction Transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Database._tampering = null;
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
