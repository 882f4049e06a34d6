using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.Contracts.Faults;
using Minion.Data.Migrations;
using Minion.Testing.Database;
using Npgsql;

namespace Minion.Data.Tests.Migrations;

public sealed class MigratorTests
{
    [Fact]
    public async Task Up_and_down_go_through_the_versions_and_status_follows()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(
            SampleMigrations.Set(SampleMigrations.First, SampleMigrations.Second), SampleMigrations.OtherSet);
        var migrator = Migrator(database);
        (await StatesAsync(migrator)).ShouldBe("sample 1 Pending, sample 2 Pending, other 1 Pending");

        (await migrator.UpAsync()).Select(m => $"{m.Schema} {m.Version}").ShouldBe(["sample 1", "sample 2", "other 1"]);
        (await StatesAsync(migrator)).ShouldBe("sample 1 Applied, sample 2 Applied, other 1 Applied");
        (await HasStarsAsync(database)).ShouldBeTrue();
        (await migrator.UpAsync()).ShouldBeEmpty();

        (await migrator.DownAsync("sample", 1)).Select(m => m.Version).ShouldBe([2]);
        (await HasStarsAsync(database)).ShouldBeFalse();
        (await StatesAsync(migrator)).ShouldBe("sample 1 Applied, sample 2 Pending, other 1 Applied");

        (await migrator.DownAsync("sample", 0)).Select(m => m.Version).ShouldBe([1]);
        (await migrator.UpAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_changed_file_stops_everything_before_anything_is_changed()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(SampleMigrations.Set(SampleMigrations.First));
        await Migrator(database).UpAsync();

        var changed = SampleMigrations.First with { };
        changed = new Migration(changed.Version, changed.Name, changed.Up + "-- later", changed.Down);
        await using var other = TestDatabase.Provider(
            database.ConnectionString, database.RolePrefix, [SampleMigrations.OtherSet, SampleMigrations.Set(changed, SampleMigrations.Second)]);
        var fault = await Should.ThrowAsync<Fault>(() => Migrator(other).UpAsync());
        fault.Reason.ShouldBe("MIGRATION_CHANGED");
        fault.Message.ShouldContain("001_notes.up.sql");
        (await StatesAsync(Migrator(other))).ShouldBe("other 1 Pending, sample 1 Changed, sample 2 Pending");
    }

    [Fact]
    public async Task A_program_that_is_older_than_the_schema_refuses_to_work()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(SampleMigrations.Set(SampleMigrations.First, SampleMigrations.Second));
        await Migrator(database).UpAsync();

        await using var older = TestDatabase.Provider(
            database.ConnectionString, database.RolePrefix, [SampleMigrations.Set(SampleMigrations.First)]);
        var fault = await Should.ThrowAsync<Fault>(() => Migrator(older).UpAsync());
        fault.Reason.ShouldBe("SCHEMA_NEWER_THAN_PROGRAM");
        fault.Message.ShouldContain("002");
        fault.Message.ShouldContain("001");
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_behind_and_is_named_with_its_line()
    {
        var broken = new Migration(2, "broken", "CREATE TABLE sample.half (id int);\nSELECT *\nFROM no_such_table;", Down: null);
        await using var database = await TestDatabase.CreateEmptyAsync(SampleMigrations.Set(SampleMigrations.First, broken));

        var fault = await Should.ThrowAsync<Fault>(() => Migrator(database).UpAsync());
        fault.Reason.ShouldBe("MIGRATION_FAILED");
        fault.Message.ShouldContain("002_broken.up.sql, line 3,");
        fault.Message.ShouldContain("no_such_table");
        (await StatesAsync(Migrator(database))).ShouldBe("sample 1 Applied, sample 2 Pending");
        await using var owner = await database.DataSource(DatabaseRoles.Migrator).OpenConnectionAsync();
        (await owner.ExecuteScalarAsync<bool>("SELECT to_regclass('sample.half') IS NULL")).ShouldBeTrue();
    }

    [Fact]
    public async Task Functions_with_semicolons_in_their_bodies_arrive_whole()
    {
        var function = new Migration(
            2, "function", "CREATE FUNCTION {schema}.twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN n := n; RETURN n * 2; END; $$;\n", Down: null);
        await using var database = await TestDatabase.CreateAsync(SampleMigrations.Set(SampleMigrations.First, function));
        await using var engine = await database.DataSource(DatabaseRoles.Engine).OpenConnectionAsync();
        (await engine.ExecuteScalarAsync<int>("SELECT twice(21)")).ShouldBe(42);
    }

    [Fact]
    public async Task Hosts_that_start_at_once_all_succeed_and_each_migration_runs_once()
    {
        // Not repeatable: a second run of it would fail.
        var slow = new Migration(3, "slow", "CREATE TABLE sample.once (id int); SELECT pg_sleep(0.3);", Down: null);
        MigrationSet[] sets = [SampleMigrations.Set(SampleMigrations.First, SampleMigrations.Second, slow), SampleMigrations.OtherSet];
        await using var database = await TestDatabase.CreateEmptyAsync(sets);
        var hosts = Enumerable.Range(0, 5).Select(_ => TestDatabase.Provider(database.ConnectionString, database.RolePrefix, sets)).ToList();

        var applied = await Task.WhenAll(hosts.Select(h => Task.Run(() => Migrator(h).UpAsync())));
        applied.Select(a => a.Count).Order().ShouldBe([0, 0, 0, 0, 4]);
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_connection_that_is_cut_in_the_middle_of_a_migration_is_made_again_and_the_migration_with_it()
    {
        const string Lock = "4711";
        var waits = new Migration(2, "waits", $"CREATE TABLE sample.half (id int); SELECT pg_advisory_xact_lock({Lock});", Down: null);
        await using var database = await TestDatabase.CreateEmptyAsync(SampleMigrations.Set(SampleMigrations.First, waits));
        await using var holder = new NpgsqlConnection(database.ConnectionString);
        await holder.OpenAsync();
        await holder.ExecuteAsync($"SELECT pg_advisory_lock({Lock})");

        var migrating = Task.Run(() => Migrator(database).UpAsync());
        await Eventually.HoldsAsync(async () => await holder.ExecuteScalarAsync<bool>(
            $"SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_locks WHERE locktype = 'advisory' AND objid = {Lock} AND NOT granted"), "the migration to wait for the lock");
        await holder.ExecuteAsync($"SELECT pg_advisory_unlock({Lock})");

        (await migrating.WaitAsync(Eventually.Patience)).Select(m => m.Version).ShouldBe([2], "the first was there before the cut");
        (await StatesAsync(Migrator(database))).ShouldBe("sample 1 Applied, sample 2 Applied");
    }

    [Fact]
    public async Task A_host_that_does_not_migrate_waits_for_the_one_that_does_and_is_ready_then()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(SampleMigrations.Set(SampleMigrations.First));
        var health = database.Services.GetRequiredService<HealthCheckService>();
        var waiting = Migrator(database).WaitUntilMigratedAsync();

        var before = (await health.CheckHealthAsync()).Entries["database"];
        before.Status.ShouldBe(HealthStatus.Unhealthy);
        before.Description!.ShouldContain("sample 001_notes");
        waiting.IsCompleted.ShouldBeFalse();

        await using var other = TestDatabase.Provider(database.ConnectionString, database.RolePrefix, [SampleMigrations.Set(SampleMigrations.First)]);
        await Migrator(other).UpAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(90));
        var after = (await health.CheckHealthAsync()).Entries["database"];
        after.Status.ShouldBe(HealthStatus.Healthy);
        after.Data.Keys.ShouldContain("milliseconds");
        after.Tags.ShouldContain("ready");
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_unhealthy_with_a_reason_and_without_the_password()
    {
        await using var services = TestDatabase.Provider("Host=127.0.0.1;Port=1;Username=u;Password=very-secret;Timeout=2", "p", []);
        var entry = (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["database"];
        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description!.ShouldContain("127.0.0.1");
        entry.Description!.ShouldNotContain("very-secret");
    }

    [Fact]
    public async Task A_schema_that_nobody_knows_is_no_target()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(SampleMigrations.OtherSet);
        (await Should.ThrowAsync<ArgumentException>(() => Migrator(database).DownAsync("sample", 0))).Message.ShouldContain("other");
    }

    private static Migrator Migrator(TestDatabase database) => Migrator(database.Services);

    private static Migrator Migrator(IServiceProvider services) => services.GetRequiredService<Migrator>();

    private static async Task<string> StatesAsync(Migrator migrator) =>
        string.Join(", ", (await migrator.StatusAsync()).Select(s => $"{s.Schema} {s.Version} {s.State}"));

    private static async Task<bool> HasStarsAsync(TestDatabase database)
    {
        await using var owner = await database.DataSource(DatabaseRoles.Migrator).OpenConnectionAsync();
        return await owner.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'sample' AND column_name = 'stars')");
    }
}
