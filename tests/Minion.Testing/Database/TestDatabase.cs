using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Data;
using Minion.Data.Migrations;
using Npgsql;

namespace Minion.Testing.Database;

/// <summary>
/// A migrated database of its own for a test class: a clone of a template that is made once per combination of migrations. Its roles
/// are the template's (<see cref="RolePrefix"/>), which all clones share.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly TestServer _server;
    private readonly ServiceProvider _services;

    private TestDatabase(TestServer server, string name, string rolePrefix, MigrationSet[] sets)
    {
        _server = server;
        Name = name;
        RolePrefix = rolePrefix;
        ConnectionString = server.LoginConnectionString(name);
        _services = Provider(ConnectionString, rolePrefix, sets);
    }

    /// <summary>The database's name on the server.</summary>
    public string Name { get; }

    /// <summary>The setting <c>Database:RolePrefix</c> for this database.</summary>
    public string RolePrefix { get; }

    /// <summary>The setting <c>ConnectionStrings:minion</c> for this database: the login, without a role.</summary>
    public string ConnectionString { get; }

    /// <summary>What a host needs to use this database, as configuration.</summary>
    public IReadOnlyDictionary<string, string?> Settings => SettingsOf(ConnectionString, RolePrefix);

    /// <summary>The same settings as variables of the environment, for a child process.</summary>
    public IReadOnlyDictionary<string, string?> Environment =>
        Settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value);

    /// <summary>What <c>AddDatabase</c> registers, on this database.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Clones the template of these migrations, and makes it first when nobody has.</summary>
    public static async Task<TestDatabase> CreateAsync(params MigrationSet[] sets)
    {
        var server = await TestServer.GetAsync();
        var template = await TestTemplate.GetAsync(server, sets);
        var name = server.NextName();
        await server.ExecuteAloneAsync($"""CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER "{server.Login}" """);
        return new TestDatabase(server, name, template, sets);
    }

    /// <summary>An empty database without roles and schemas, for tests of the migrator itself.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(params MigrationSet[] sets)
    {
        var server = await TestServer.GetAsync();
        var name = server.NextName();
        await server.ExecuteAloneAsync($"""CREATE DATABASE "{name}" OWNER "{server.Login}" """);
        return new TestDatabase(server, name, name, sets);
    }

    /// <summary>The pool of a database role (<see cref="DatabaseRoles"/>).</summary>
    public NpgsqlDataSource DataSource(string role) => _services.GetRequiredKeyedService<NpgsqlDataSource>(role);

    /// <summary>Executes SQL in this database as the server's superuser, to prepare what no login may.</summary>
    public Task ExecuteAsSuperuserAsync(string sql) => _server.ExecuteAsync(sql, Name);

    /// <summary>Breaks every connection of its clients, as a server does that dies and starts anew.</summary>
    public Task BreakConnectionsAsync() => _server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name}'");

    /// <summary>Closes every connection and drops the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.ExecuteAloneAsync($"""DROP DATABASE IF EXISTS "{Name}" WITH (FORCE)""");
        if (RolePrefix == Name)
        {
            await _server.DropRolesAsync(RolePrefix);
        }
    }

    /// <summary>What <c>AddDatabase</c> registers, as a host with these settings has it.</summary>
    public static ServiceProvider Provider(string connectionString, string rolePrefix, MigrationSet[] sets)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(SettingsOf(connectionString, rolePrefix));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddDatabase();
        foreach (var set in sets)
        {
            builder.Services.AddMigrations(set);
        }

        return builder.Services.BuildServiceProvider();
    }

    private static Dictionary<string, string?> SettingsOf(string connectionString, string rolePrefix) => new()
    {
        [$"ConnectionStrings:{DatabaseOptions.ConnectionName}"] = connectionString,
        [$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.RolePrefix)}"] = rolePrefix,
        [$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.CommandTimeout)}"] = "120",
    };
}
