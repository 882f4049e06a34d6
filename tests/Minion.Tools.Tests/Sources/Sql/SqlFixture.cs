using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Minion.Testing.Database;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Sql;
using Npgsql;

namespace Minion.Tools.Tests.Sources.Sql;

/// <summary>A shop's database with a login of its own, and the kind of source that reaches it as <c>${SHOP_CONNECTION}</c>.</summary>
public sealed class SqlFixture : IAsyncLifetime
{
    private const string Password = "shop's own; password";

    private TestDatabase? _database;

    internal SqlSourceKind Kind { get; private set; } = null!;

    internal Dictionary<string, string> Variables { get; } = [];

    internal SqlOptions Options { get; } = new();

    public string Login => $"{_database!.Name}_shop";

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_database!.ConnectionString) { Username = Login, Password = Password }.ConnectionString;

    internal TestDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateEmptyAsync();
        await _database.ExecuteAsSuperuserAsync(
            $"""
            CREATE ROLE "{Login}" LOGIN PASSWORD '{Password.Replace("'", "''", StringComparison.Ordinal)}';
            CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);
            COMMENT ON TABLE customers IS 'Who buys.';
            CREATE TABLE orders (id bigint PRIMARY KEY, customer int REFERENCES customers, amount numeric(12,2), paid boolean, at timestamptz, data jsonb);
            CREATE TABLE secrets (id int);
            INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace');
            INSERT INTO orders VALUES (1, 1, 12.50, true, '2026-01-02 03:04:05+00', '"x"'), (2, 2, NULL, false, NULL, '{JsonObject}');
            GRANT SELECT, INSERT, UPDATE, DELETE ON customers, orders TO "{Login}";
            """);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(_database.Settings).Build();
        Variables["SHOP_CONNECTION"] = ConnectionString;
        Variables["OWN_CONNECTION"] = _database.ConnectionString;
        var secrets = new SecretReferences(Variables.GetValueOrDefault);
        Kind = new SqlSourceKind(new SqlConnections(Microsoft.Extensions.Options.Options.Create(Options), configuration, secrets), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _database!.ExecuteAsSuperuserAsync($"""DROP OWNED BY "{Login}"; DROP ROLE "{Login}" """);
        await _database.DisposeAsync();
    }

    private const string JsonObject = """{"deep": [1, 2]}""";
}
