using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Data.Connections;
using Minion.Data.Migrations;
using Minion.Data.Tests.Migrations;
using Minion.Testing.Database;
using Npgsql;

namespace Minion.Data.Tests.Roles;

public sealed class DatabaseRoleCreationTests
{
    private static readonly MigrationSet Set = SampleMigrations.Set(SampleMigrations.First);

    [Fact]
    public async Task Roles_have_no_rights_beyond_their_schemas_and_cannot_log_in()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Set);
        await Migrator(database.Services).UpAsync();

        await using var connection = await OpenAsync(database.ConnectionString);
        var roles = await connection.QueryAsync<string>(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, @prefix) AND NOT (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole) ORDER BY 1",
            new { prefix = $"{database.RolePrefix}_" });
        roles.ShouldBe([$"{database.RolePrefix}_engine", $"{database.RolePrefix}_migrator", $"{database.RolePrefix}_orchestration"]);
    }

    [Fact]
    public async Task A_prefix_with_blanks_quotes_and_capitals_works()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Set);
        var prefix = $"{database.RolePrefix}_My \"odd\\ Prefix";
        await using var services = TestDatabase.Provider(database.ConnectionString, prefix, [Set]);
        await Migrator(services).UpAsync();

        await using var connection = await services.GetRequiredKeyedService<NpgsqlDataSource>(DatabaseRoles.Engine).OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<string>("SELECT current_user")).ShouldBe($"{prefix}_engine");
    }

    [Fact]
    public async Task Databases_of_one_server_that_share_a_prefix_may_be_prepared_at_once()
    {
        await using var one = await TestDatabase.CreateEmptyAsync(Set);
        await using var two = await TestDatabase.CreateEmptyAsync(Set);
        await using var first = TestDatabase.Provider(one.ConnectionString, one.RolePrefix, [Set]);
        await using var second = TestDatabase.Provider(two.ConnectionString, one.RolePrefix, [Set]);

        await Task.WhenAll(Task.Run(() => Migrator(first).UpAsync()), Task.Run(() => Migrator(second).UpAsync()));
        await using var connection = await second.GetRequiredKeyedService<NpgsqlDataSource>(DatabaseRoles.Engine).OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<string>("SELECT current_user")).ShouldBe($"{one.RolePrefix}_engine");
        await DropAsync(two);
    }

    [Fact]
    public async Task A_login_that_may_not_create_roles_says_what_an_administrator_is_to_run_and_works_after_that()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Set);
        var login = await WeakLoginAsync(database);
        await using var services = TestDatabase.Provider(login, database.RolePrefix, [Set]);

        var fault = await Should.ThrowAsync<Fault>(() => Migrator(services).UpAsync());
        fault.Reason.ShouldBe("DATABASE_RIGHTS_MISSING");
        fault.Hint.ShouldContain($"CREATE ROLE \"{database.RolePrefix}_engine\" NOLOGIN; GRANT \"{database.RolePrefix}_engine\" TO");

        await database.ExecuteAsSuperuserAsync(fault.Hint[(fault.Hint.IndexOf(':') + 1)..]);
        fault = await Should.ThrowAsync<Fault>(() => Migrator(services).UpAsync());
        fault.Hint.ShouldContain("GRANT CREATE ON DATABASE");

        await database.ExecuteAsSuperuserAsync(fault.Hint[(fault.Hint.IndexOf(':') + 1)..]);
        (await Migrator(services).UpAsync()).Count.ShouldBe(1);
        await DropAsync(database);
    }

    [Fact]
    public async Task A_login_that_may_not_enter_the_database_postgres_creates_its_roles_all_the_same()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Set);
        await using var other = await TestDatabase.CreateEmptyAsync();
        var services = TestDatabase.Provider(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = "minion_elsewhere" }.ConnectionString, database.RolePrefix, [Set]);
        await database.ExecuteAsSuperuserAsync(
            $"""
            CREATE ROLE minion_elsewhere LOGIN CREATEROLE PASSWORD '{new NpgsqlConnectionStringBuilder(database.ConnectionString).Password}';
            ALTER DATABASE "{database.Name}" OWNER TO minion_elsewhere;
            REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
            GRANT CONNECT ON DATABASE postgres TO minion_test;
            """);
        try
        {
            (await Migrator(services).UpAsync()).Count.ShouldBe(1);
        }
        finally
        {
            await services.DisposeAsync();
            await database.ExecuteAsSuperuserAsync(
                $"""
                GRANT CONNECT ON DATABASE postgres TO PUBLIC;
                ALTER DATABASE "{database.Name}" OWNER TO minion_test;
                """);
            await DropAsync(database);
            await other.ExecuteAsSuperuserAsync("DROP ROLE minion_elsewhere");
        }
    }

    [Fact]
    public async Task The_role_of_a_data_source_wins_over_a_role_that_the_login_starts_with()
    {
        await using var database = await TestDatabase.CreateAsync(Set);
        await database.ExecuteAsSuperuserAsync(
            $"ALTER ROLE minion_test IN DATABASE \"{database.Name}\" SET role = '{database.RolePrefix}_engine'");
        await using var right = await database.DataSource(DatabaseRoles.Orchestration).OpenConnectionAsync();
        (await right.ExecuteScalarAsync<string>("SELECT current_user")).ShouldBe($"{database.RolePrefix}_orchestration");
    }

    [Fact]
    public void A_connection_that_has_another_role_than_its_own_is_refused()
    {
        var fault = Should.Throw<Fault>(() => RoleDataSources.Check("p_engine", "minion"));
        fault.Reason.ShouldBe("DATABASE_ROLE_NOT_SET");
        fault.Hint.ShouldContain("pooler");
        Should.NotThrow(() => RoleDataSources.Check("p_engine", "p_engine"));
    }

    private static Migrator Migrator(IServiceProvider services) => services.GetRequiredService<Migrator>();

    private static async Task<string> WeakLoginAsync(TestDatabase database)
    {
        var name = $"{database.RolePrefix}_weak";
        await database.ExecuteAsSuperuserAsync($"CREATE ROLE \"{name}\" LOGIN PASSWORD 'weak'");
        return new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = name, Password = "weak" }.ConnectionString;
    }

    /// <summary>Before the roles that have rights in it.</summary>
    private static ValueTask DropAsync(TestDatabase database) => database.DisposeAsync();

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
