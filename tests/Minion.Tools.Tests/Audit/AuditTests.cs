using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minion.Contracts.Callers;
using Minion.Data;
using Minion.Tools.Audit;
using Npgsql;

namespace Minion.Tools.Tests.Audit;

public sealed class AuditTests(ToolsDatabase fixture) : IClassFixture<ToolsDatabase>
{
    private static readonly TimeSpan Deadline = Eventually.Patience;

    private readonly NpgsqlDataSource _database = fixture.Database.DataSource(DatabaseRoles.Tools);

    [Fact]
    public async Task A_record_is_written_with_everything_but_the_arguments()
    {
        using var log = new AuditLog(TimeProvider.System);
        using var writer = Writer(log);
        var run = Guid.CreateVersion7();
        var record = Record("audit-a") with { Origin = new ToolCallOrigin(run, "hello", 3, 1) };

        await writer.StartAsync(CancellationToken.None);
        await WriteAsync(log, record);
        await writer.StopAsync(CancellationToken.None);

        await using var batch = _database.CreateTenantBatch("audit-a");
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "SELECT to_jsonb(c) - 'started_at' - 'arguments_hash', arguments_hash FROM tools.calls c"));
        await using var reader = await batch.ExecuteTenantReaderAsync();
        (await reader.ReadAsync()).ShouldBeTrue();
        var row = System.Text.Json.JsonElement.Parse(reader.GetString(0));
        row.GetProperty("run_id").GetGuid().ShouldBe(run);
        row.GetProperty("step").GetInt32().ShouldBe(3);
        row.GetProperty("outcome").GetString().ShouldBe("ok");
        row.GetProperty("duration_ms").GetDouble().ShouldBe(1.5);
        reader.GetFieldValue<byte[]>(1).ShouldBe(record.ArgumentsHash);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_host_stops()
    {
        using var log = new AuditLog(TimeProvider.System);
        using var writer = Writer(log);
        await writer.StartAsync(CancellationToken.None);

        await Parallel.ForEachAsync(Enumerable.Range(0, 20_000), async (i, _) => await WriteAsync(log, Record($"audit-b{i % 3}")));
        await writer.StopAsync(CancellationToken.None);

        log.Outstanding.ShouldBe(0);
        (await CountAsync("audit-b0") + await CountAsync("audit-b1") + await CountAsync("audit-b2")).ShouldBe(20_000);
    }

    [Fact]
    public async Task The_host_waits_for_the_record_of_a_call_under_way()
    {
        using var log = new AuditLog(TimeProvider.System);
        using var writer = Writer(log);
        await writer.StartAsync(CancellationToken.None);
        await log.ReserveAsync(CancellationToken.None);

        var stopping = writer.StopAsync(CancellationToken.None);
        stopping.IsCompleted.ShouldBeFalse();
        log.Record(Record("audit-c"));
        await stopping.WaitAsync(Deadline);

        (await CountAsync("audit-c")).ShouldBe(1);
    }

    [Fact]
    public async Task A_record_that_the_database_refuses_takes_no_other_with_it()
    {
        using var log = new AuditLog(TimeProvider.System);
        using var writer = Writer(log);
        await WriteAsync(log, Record("audit-d"));
        await WriteAsync(log, Record("audit-d") with { Tool = "no\0text" });
        await WriteAsync(log, Record("audit-d"));

        await writer.StartAsync(CancellationToken.None);
        await writer.StopAsync(CancellationToken.None);

        (await CountAsync("audit-d")).ShouldBe(2);
    }

    [Fact]
    public async Task Records_wait_while_the_database_is_away_and_the_host_does_not_wait_for_ever()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
        using var log = new AuditLog(TimeProvider.System);
        using var writer = new AuditWriter(log, new AuditStore(nowhere), TimeProvider.System, NullLogger<AuditWriter>.Instance);
        await writer.StartAsync(CancellationToken.None);
        await WriteAsync(log, Record("audit-e"));
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await writer.StopAsync(limit.Token).WaitAsync(Deadline);

        log.Outstanding.ShouldBe(1);
    }

    [Fact]
    public async Task Old_records_are_pruned_and_the_last_day_never_is()
    {
        var now = DateTimeOffset.UtcNow;
        var store = new AuditStore(_database);
        await store.WriteAsync(
            [
                .. Enumerable.Range(0, 7).Select(_ => Record("audit-f") with { StartedAt = now.AddDays(-100) }),
                Record("audit-f") with { StartedAt = now.AddDays(-10) },
                Record("audit-g") with { StartedAt = now.AddDays(-100) },
                Record("audit-g") with { StartedAt = now.AddHours(-1) },
            ],
            CancellationToken.None);

        (await store.PruneAsync(TimeSpan.FromDays(90), 5, CancellationToken.None)).ShouldBe(5);
        using var pruner = new AuditPruner(store, Options.Create(new AuditOptions()), TimeProvider.System, NullLogger<AuditPruner>.Instance);
        (await pruner.PruneAsync(CancellationToken.None)).ShouldBe(3);
        (await CountAsync("audit-f")).ShouldBe(1);

        (await store.PruneAsync(TimeSpan.Zero, 100, CancellationToken.None)).ShouldBe(1);
        (await CountAsync("audit-g")).ShouldBe(1);
    }

    [Fact]
    public async Task The_service_may_neither_change_nor_remove_records()
    {
        foreach (var sql in new[] { "DELETE FROM tools.calls", "UPDATE tools.calls SET outcome = 'ok'" })
        {
            await using var command = _database.CreateCommand(sql);

            (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    private AuditWriter Writer(AuditLog log) => new(log, new AuditStore(_database), TimeProvider.System, NullLogger<AuditWriter>.Instance);

    private static async Task WriteAsync(AuditLog log, AuditRecord record)
    {
        (await log.ReserveAsync(CancellationToken.None)).ShouldBeTrue();
        log.Record(record);
    }

    private static AuditRecord Record(string tenant) => new()
    {
        Id = Guid.CreateVersion7(),
        Tenant = tenant,
        Principal = "user:ada",
        Tool = "calculator",
        Version = "1.0",
        Origin = ToolCallOrigin.Direct,
        StartedAt = DateTimeOffset.UtcNow,
        Duration = TimeSpan.FromMilliseconds(1.5),
        Outcome = "ok",
        Attempts = 1,
        ArgumentsHash = new byte[32],
    };

    private async Task<long> CountAsync(string tenant)
    {
        await using var batch = _database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT count(*) FROM tools.calls"));
        await using var reader = await batch.ExecuteTenantReaderAsync();
        await reader.ReadAsync();
        return reader.GetInt64(0);
    }
}
