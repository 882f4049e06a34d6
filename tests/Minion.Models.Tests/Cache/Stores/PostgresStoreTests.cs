using Minion.Data;
using Minion.Models.Cache;
using Npgsql;

namespace Minion.Models.Tests.Cache.Stores;

public sealed class PostgresStoreTests : CacheStoreConformance, IClassFixture<ModelsDatabase>
{
    private readonly NpgsqlDataSource _database;
    private readonly PostgresStore _store;

    public PostgresStoreTests(ModelsDatabase fixture)
    {
        _database = fixture.Database.DataSource(DatabaseRoles.Models);
        _store = new PostgresStore(_database, Options, Time);
    }

    private protected override ICacheStore Store => _store;

    [Fact]
    public async Task Row_level_security_hides_the_rows_of_other_tenants()
    {
        var entry = Entry("What?", Vector(1, 0));
        await _store.PutAsync(entry, default);
        await using var batch = _database.CreateTenantBatch("somebody-else");
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT count(*) FROM models.cached_answers"));
        await using var reader = await batch.ExecuteTenantReaderAsync();
        (await reader.ReadAsync()).ShouldBeTrue();
        reader.GetInt64(0).ShouldBe(0);
    }

    [Fact]
    public async Task Old_rows_are_removed_in_small_batches_and_so_are_the_oldest_of_a_tenant_with_too_many()
    {
        var old = new PostgresStore(_database, Options, Time);
        for (var i = 0; i < 7; i++)
        {
            await old.PutAsync(Entry($"old {i}", null), default);
        }

        Time.Advance(TimeSpan.FromHours(2));
        for (var i = 0; i < 6; i++)
        {
            await old.PutAsync(Entry($"{i}", null), default);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        (await old.PruneAsync(3, default)).ShouldBe(3);
        var rounds = 0;
        while (await old.PruneAsync(3, default) > 0 && rounds++ < 100)
        {
        }

        Options.MaxTenantEntries = 4;
        (await old.PruneAsync(100, default)).ShouldBeGreaterThanOrEqualTo(2);
        (await old.FindAsync(Key("0"), default)).ShouldBeNull();
        (await old.FindAsync(Key("1"), default)).ShouldBeNull();
        (await old.FindAsync(Key("2"), default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_another_process_removed_is_no_longer_among_the_nearest()
    {
        await _store.PutAsync(Entry("What?", Vector(1, 0)), default);
        (await NearestAsync(Vector(1, 0))).Count.ShouldBe(1);
        await using var batch = _database.CreateTenantBatch(Key("x").Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM models.cached_answers"));
        await batch.ExecuteNonQueryAsync();

        (await NearestAsync(Vector(1, 0))).ShouldBeEmpty();
    }
}
