using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Minion.Testing.Database;

/// <summary>
/// The PostgreSQL of the test run: the one that <c>MINION_TEST_POSTGRES</c> names (the connection string of a superuser), else one
/// that this process starts and that ends with it.
/// </summary>
internal sealed class TestServer
{
    private const string Variable = "MINION_TEST_POSTGRES";
    private const int Patience = 120; // seconds
    private const long TemplateLock = 0x4D696E696F6E0003;
    private static readonly Lazy<Task<TestServer>> Shared = new(StartAsync);
    private static int _number;

    private readonly NpgsqlConnectionStringBuilder _superuser;
    private readonly string _password;

    private TestServer(string superuser)
    {
        _superuser = new NpgsqlConnectionStringBuilder(superuser) { Database = "postgres", Pooling = false, Timeout = Patience };

        // Several test processes may share a server: the same login for all of them, without telling each other.
        _password = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_superuser.Host} {_superuser.Password}")));
    }

    public string Login => "minion_test";

    public static Task<TestServer> GetAsync() => Shared.Value;

    public string LoginConnectionString(string database) => new NpgsqlConnectionStringBuilder(_superuser.ConnectionString)
    {
        Username = Login,
        Password = _password,
        Database = database,
        Pooling = true,
        Timeout = Patience,
    }.ConnectionString;

    public string NextName() => $"minion_test_{Environment.ProcessId}_{Interlocked.Increment(ref _number)}";

    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_superuser.ConnectionString) { Database = database }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Patience };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Makes or drops a database: refused while others are connected to it or to its template, which may take a while to leave.</summary>
    public Task ExecuteAloneAsync(string sql) => Eventually.HoldsAsync(
        async () =>
        {
            await ExecuteAsync(sql);
            return true;
        },
        sql,
        e => e is PostgresException { SqlState: PostgresErrorCodes.ObjectInUse });

    public async Task<bool> IsTemplateAsync(string name)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", connection)
        {
            Parameters = { new() { Value = name } },
        };
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    public Task DropRolesAsync(string prefix) => ExecuteAsync(
        $"""
        DO $$ DECLARE r record; BEGIN
          FOR r IN SELECT rolname FROM pg_roles WHERE starts_with(rolname, '{prefix}_') LOOP
            EXECUTE format('DROP ROLE %I', r.rolname);
          END LOOP;
        END $$
        """);

    public async Task LockedAsync(Func<Task> work)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({TemplateLock})", connection) { CommandTimeout = Patience };
        await command.ExecuteNonQueryAsync();
        await work();
    }

    private static async Task<TestServer> StartAsync()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        var server = new TestServer(string.IsNullOrEmpty(given) ? await EmbeddedTestServer.StartAsync() : given);
        await server.LockedAsync(server.CreateLoginAsync);
        return server;
    }

    private Task CreateLoginAsync() => ExecuteAsync(
        $"""
        DO $$ BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{Login}') THEN
            CREATE ROLE {Login} LOGIN CREATEROLE PASSWORD '{_password}';
          END IF;
        END $$
        """);

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_superuser.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
