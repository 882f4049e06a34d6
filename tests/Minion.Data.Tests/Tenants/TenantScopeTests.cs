using Dapper;
using Minion.Data.Tests.Migrations;
using Minion.Testing.Database;
using Npgsql;

namespace Minion.Data.Tests.Tenants;

public sealed class TenantScopeTests(TenantScopeTests.Fixture fixture) : IClassFixture<TenantScopeTests.Fixture>
{
    private readonly TestDatabase _database = fixture.Database;

    private NpgsqlDataSource Api => _database.DataSource(DatabaseRoles.Orchestration);

    [Fact]
    public async Task A_tenant_sees_its_own_rows_only()
    {
        await AddAsync("own", 1, "of own");
        await AddAsync("b", 1, "of b");

        await using var scope = await Api.BeginTenantAsync("own");
        (await scope.Connection.QueryAsync<string>("SELECT text FROM sample.notes")).ShouldBe(["of own"]);
    }

    [Fact]
    public async Task A_row_of_another_tenant_cannot_be_written_changed_or_deleted()
    {
        await AddAsync("b", 2, "of b");
        await using var scope = await Api.BeginTenantAsync("a");

        (await scope.Connection.ExecuteAsync("UPDATE notes SET text = 'stolen' WHERE id = 2")).ShouldBe(0);
        (await scope.Connection.ExecuteAsync("DELETE FROM notes WHERE id = 2")).ShouldBe(0);
        var refused = await Should.ThrowAsync<PostgresException>(
            () => scope.Connection.ExecuteAsync("INSERT INTO notes (tenant, id, text) VALUES ('b', 3, 'planted')"));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Without_a_tenant_nothing_is_seen_also_after_a_transaction_on_the_same_connection()
    {
        await AddAsync("", 9, "of nobody", DatabaseRoles.Engine);
        await AddAsync("a", 4, "of a");
        await using var connection = await Api.OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM notes")).ShouldBe(0);

        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("SELECT set_config('minion.tenant', 'a', true)", transaction: transaction);
            (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM notes WHERE id = 4")).ShouldBe(1);
            await transaction.CommitAsync();
        }

        (await connection.ExecuteScalarAsync<string>("SELECT current_setting('minion.tenant', true)")).ShouldBe("");
        (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM notes")).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tenant_does_not_stay_on_the_pooled_connection(bool commit)
    {
        await using var pool = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Api.ConnectionString)
        {
            Password = new NpgsqlConnectionStringBuilder(_database.ConnectionString).Password,
            MaxPoolSize = 1,
        });
        await using (var scope = await pool.BeginTenantAsync("stays"))
        {
            await (commit ? scope.CommitAsync() : Task.CompletedTask);
        }

        (await TenantOfNextAsync(pool)).ShouldBe("");
        await using (var batch = pool.CreateTenantBatch("stays"))
        {
            await batch.ExecuteNonQueryAsync();
        }

        (await TenantOfNextAsync(pool)).ShouldBe("");
    }

    [Fact]
    public async Task Not_even_the_owner_of_the_table_sees_rows_without_a_policy_for_it()
    {
        await AddAsync("a", 5, "of a");
        await using var owner = await _database.DataSource(DatabaseRoles.Migrator).OpenConnectionAsync();

        (await owner.ExecuteScalarAsync<bool>(
            "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = 'sample.notes'::regclass")).ShouldBeTrue();
        (await owner.ExecuteScalarAsync<long>("SELECT count(*) FROM sample.notes")).ShouldBe(0);
        (await owner.ExecuteAsync("UPDATE sample.notes SET text = ''")).ShouldBe(0);
    }

    [Fact]
    public async Task The_engine_works_across_tenants()
    {
        await AddAsync("a", 6, "of a");
        await AddAsync("b", 6, "of b");
        await using var engine = await _database.DataSource(DatabaseRoles.Engine).OpenConnectionAsync();

        (await engine.ExecuteScalarAsync<long>("SELECT count(*) FROM notes WHERE id = 6")).ShouldBe(2);
        (await engine.ExecuteScalarAsync<string>("SHOW plan_cache_mode")).ShouldBe("force_custom_plan");
    }

    [Fact]
    public async Task A_role_reads_no_other_schema()
    {
        await using var api = await Api.OpenConnectionAsync();
        var refused = await Should.ThrowAsync<PostgresException>(() => api.ExecuteAsync("SELECT * FROM other.secrets"));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

        await using var tools = await _database.DataSource(DatabaseRoles.Tools).OpenConnectionAsync();
        (await tools.QueryAsync<string>("SELECT text FROM secrets")).ShouldBeEmpty();
        await Should.ThrowAsync<PostgresException>(() => tools.ExecuteAsync("SELECT * FROM sample.notes"));
    }

    [Fact]
    public async Task A_role_changes_neither_the_tables_nor_the_history_of_its_schema()
    {
        await using var api = await Api.OpenConnectionAsync();
        foreach (var sql in new[]
        {
            "DELETE FROM sample.applied_migrations", "DROP TABLE sample.notes", "CREATE TABLE sample.mine (id int)", "CREATE TABLE public.mine (id int)",
            "ALTER TABLE sample.notes DISABLE ROW LEVEL SECURITY", "TRUNCATE sample.notes",
        })
        {
            var refused = await Should.ThrowAsync<PostgresException>(() => api.ExecuteAsync(sql));
            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
        }
    }

    [Fact]
    public async Task A_transaction_that_is_not_committed_leaves_nothing()
    {
        await using (var scope = await Api.BeginTenantAsync("rollback"))
        {
            await scope.Connection.ExecuteAsync("INSERT INTO notes (tenant, id, text) VALUES ('rollback', 1, '')");
        }

        await using var after = await Api.BeginTenantAsync("rollback");
        (await after.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM notes")).ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_reads_and_writes_as_its_tenant_in_one_transaction()
    {
        await using (var write = Api.CreateTenantBatch("batch"))
        {
            write.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO notes (tenant, id, text) VALUES ('batch', 1, 'one')"));
            write.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO notes (tenant, id, text) VALUES ('batch', 2, 'two')"));
            (await write.ExecuteNonQueryAsync()).ShouldBe(2);
        }

        await using (var failing = Api.CreateTenantBatch("batch"))
        {
            failing.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO notes (tenant, id, text) VALUES ('batch', 3, 'three')"));
            failing.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO notes (tenant, id, text) VALUES ('batch', 1, 'again')"));
            await Should.ThrowAsync<PostgresException>(() => failing.ExecuteNonQueryAsync());
        }

        await using var read = Api.CreateTenantBatch("batch");
        read.BatchCommands.Add(new NpgsqlBatchCommand("SELECT text FROM notes ORDER BY id"));
        await using var reader = await read.ExecuteTenantReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        texts.ShouldBe(["one", "two"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task An_empty_tenant_is_refused(string tenant)
    {
        await Should.ThrowAsync<ArgumentException>(() => Api.BeginTenantAsync(tenant));
        Should.Throw<ArgumentException>(() => Api.CreateTenantBatch(tenant));
    }

    [Fact]
    public async Task A_pooled_connection_keeps_its_role_and_says_who_it_is()
    {
        for (var i = 0; i < 3; i++)
        {
            await using var connection = await Api.OpenConnectionAsync();
            (await connection.ExecuteScalarAsync<string>("SELECT current_user")).ShouldBe($"{_database.RolePrefix}_orchestration");
            (await connection.ExecuteScalarAsync<string>("SHOW application_name")).ShouldBe("minion-orchestration");
        }
    }

    [Fact]
    public async Task Moments_go_in_and_come_out_as_they_are()
    {
        await using var connection = await Api.OpenConnectionAsync();
        var moment = new DateTimeOffset(2026, 1, 31, 14, 5, 6, TimeSpan.FromHours(9));
        var row = await connection.QuerySingleAsync<Moment>("SELECT @moment AS taken_at, NULL::timestamptz AS ended_at", new { moment });
        row.TakenAt.ShouldBe(moment);
        row.TakenAt.Offset.ShouldBe(TimeSpan.Zero);
        row.EndedAt.ShouldBeNull();
    }

    private static async Task<string> TenantOfNextAsync(NpgsqlDataSource pool)
    {
        await using var connection = await pool.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<string>("SELECT current_setting('minion.tenant', true)"))!;
    }

    private async Task AddAsync(string tenant, int id, string text, string role = DatabaseRoles.Orchestration)
    {
        await using var connection = await _database.DataSource(role).OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT set_config('minion.tenant', @tenant, true)", new { tenant }, transaction);
        await connection.ExecuteAsync(
            "INSERT INTO sample.notes (tenant, id, text) VALUES (@tenant, @id, @text)", new { tenant, id, text }, transaction);
        await transaction.CommitAsync();
    }

    private sealed record Moment(DateTimeOffset TakenAt, DateTimeOffset? EndedAt);

    public sealed class Fixture() : DatabaseFixture(SampleMigrations.Set(SampleMigrations.First), SampleMigrations.OtherSet);
}
