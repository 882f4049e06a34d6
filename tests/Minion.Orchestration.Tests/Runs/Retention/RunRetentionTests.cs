using Microsoft.Extensions.Options;
using Minion.Data;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Journal.LongTexts;
using Minion.Orchestration.Runs.Retention;
using Minion.Testing.Time;
using Npgsql;

namespace Minion.Orchestration.Tests.Runs.Retention;

public sealed class RunRetentionTests : IClassFixture<Fixture>
{
    /// <summary>What stays with the session or the schedule that it belongs to.</summary>
    private static readonly string[] NotOfTheRun = ["session_messages", "session_summaries", "session_turns", "schedule_fires"];

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly ManualTime _time = new();
    private readonly string _tenant = $"t{Guid.CreateVersion7():N}";
    private readonly NpgsqlDataSource _engine;
    private readonly RunRetention _runs;
    private readonly TextRetention _texts;

    public RunRetentionTests(Fixture fixture)
    {
        _engine = fixture.Database.DataSource(DatabaseRoles.Engine);
        var options = Options.Create(new RetentionOptions { Runs = TimeSpan.FromDays(10), Batch = 2 });
        _runs = new RunRetention(_engine, options, _time);
        _texts = new TextRetention(_engine, options, _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_removed_with_its_journal_when_its_time_after_its_end_is_over()
    {
        var run = await RunAsync();
        await PruneAfterAsync(TimeSpan.FromDays(9));
        (await ExistsAsync(run)).ShouldBeTrue();

        await PruneAfterAsync(TimeSpan.FromDays(2));

        (await ExistsAsync(run)).ShouldBeFalse();
        (await CountAsync("SELECT count(*) FROM orchestration.entries WHERE run_id = $1", run)).ShouldBe(0);
        (await CountAsync("SELECT count(*) FROM orchestration.signals WHERE run_id = $1", run)).ShouldBe(0);
    }

    [Fact]
    public async Task A_run_that_goes_on_waits_or_is_kept_stays()
    {
        var waiting = await RunAsync(status: "waiting");
        var running = await RunAsync(status: "running");
        var kept = await RunAsync(kept: true);
        var over = await RunAsync();

        await PruneAfterAsync(TimeSpan.FromDays(100));

        (await ExistsAsync(waiting)).ShouldBeTrue();
        (await ExistsAsync(running)).ShouldBeTrue();
        (await ExistsAsync(kept)).ShouldBeTrue();
        (await ExistsAsync(over)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_tree_stays_as_long_as_one_of_its_runs_goes_on_or_is_kept()
    {
        var root = await RunAsync();
        var done = await RunAsync(root: root);
        var going = await RunAsync(root: root, status: "waiting");
        await PruneAfterAsync(TimeSpan.FromDays(100));
        (await ExistsAsync(root)).ShouldBeTrue();
        (await ExistsAsync(done)).ShouldBeTrue();

        await ExecuteAsync("UPDATE orchestration.runs SET status = 'completed', ended_at = $2 WHERE id = $1", going, _time.GetUtcNow().UtcDateTime);
        await PruneAfterAsync(TimeSpan.FromDays(100));

        (await ExistsAsync(root)).ShouldBeFalse();
        (await ExistsAsync(done)).ShouldBeFalse();
        (await ExistsAsync(going)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_fork_was_made_of_stays_as_long_as_the_fork()
    {
        var run = await RunAsync();
        var fork = await RunAsync(forkedFrom: run, status: "waiting");
        await PruneAfterAsync(TimeSpan.FromDays(100));
        (await ExistsAsync(run)).ShouldBeTrue();

        await ExecuteAsync("UPDATE orchestration.runs SET status = 'completed', ended_at = $2 WHERE id = $1", fork, _time.GetUtcNow().UtcDateTime);
        await PruneAfterAsync(TimeSpan.FromDays(100));
        (await ExistsAsync(fork)).ShouldBeFalse();
        await PruneAfterAsync(TimeSpan.Zero);
        (await ExistsAsync(run)).ShouldBeFalse();
    }

    [Fact]
    public async Task All_that_is_over_is_removed_in_batches_also_by_several_processes_at_once()
    {
        var runs = new List<Guid>();
        for (var i = 0; i < 15; i++)
        {
            runs.Add(await RunAsync());
        }

        _time.Advance(TimeSpan.FromDays(11));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _runs.PruneAsync(Cancellation)));
        await _runs.PruneAsync(Cancellation);

        foreach (var run in runs)
        {
            (await ExistsAsync(run)).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_long_text_is_removed_when_no_journal_refers_to_it_and_nobody_has_touched_it_for_a_while()
    {
        var run = await RunAsync();
        var other = await RunAsync(kept: true);
        var (shared, own) = (LongText.Of(new string('a', 9_000)), LongText.Of(new string('b', 9_000)));
        await using (var batch = _engine.CreateBatch())
        {
            batch.BatchCommands.Add(LongTextSql.KeepAll([(_tenant, run, shared), (_tenant, run, own), (_tenant, other, shared)], _time.GetUtcNow()));
            await batch.ExecuteNonQueryAsync(Cancellation);
        }

        _time.Advance(TimeSpan.FromDays(11));
        await _texts.CollectAsync(Cancellation);
        (await TextsAsync()).ShouldBe(2);
        await _runs.PruneAsync(Cancellation);
        await _texts.CollectAsync(Cancellation);

        (await TextsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_text_that_is_used_again_within_its_grace_stays()
    {
        var text = LongText.Of(new string('c', 9_000));
        await using (var batch = _engine.CreateBatch())
        {
            batch.BatchCommands.Add(LongTextSql.KeepAll([(_tenant, Guid.CreateVersion7(), text)], _time.GetUtcNow()));
            await batch.ExecuteNonQueryAsync(Cancellation);
        }

        await ExecuteAsync("DELETE FROM orchestration.payload_uses WHERE tenant = $1", _tenant);
        _time.Advance(Day / 2);
        await _texts.CollectAsync(Cancellation);
        (await TextsAsync()).ShouldBe(1);
        _time.Advance(Day);
        await _texts.CollectAsync(Cancellation);
        (await TextsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Every_table_of_a_run_is_emptied_with_it()
    {
        await using var command = _engine.CreateCommand(
            """
            SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'orchestration' AND c.relkind = 'r' AND a.attname = 'run_id' AND NOT a.attisdropped
            """);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var tables = await reader.ReadAllAsync(row => row.GetString(0), Cancellation);

        tables.Except(NotOfTheRun).ShouldBe(RunTables.Names, ignoreOrder: true);
    }

    private async Task PruneAfterAsync(TimeSpan time)
    {
        _time.Advance(time);
        await _runs.PruneAsync(Cancellation);
    }

    private async Task<Guid> RunAsync(string status = "completed", bool kept = false, Guid? root = null, Guid? forkedFrom = null)
    {
        var now = _time.GetUtcNow();
        var run = Guid.CreateVersion7(now);
        await ExecuteAsync(
            """
            INSERT INTO orchestration.runs
              (tenant, id, root_id, parent_id, agent_id, agent, agent_version, behaviour, principal, permissions, status, deadline, limits, input, next_seq,
               created_at, ended_at, kept, forked_from)
            VALUES ($1, $2, coalesce($3, $2), $3, $2, 'a', 1, 'react@1', 'user:ada', '{}', $4, $5, '{}', 'x', 2, $5, CASE WHEN $4 = 'completed' THEN $5 END, $6, $7)
            """,
            _tenant, run, (object?)root ?? DBNull.Value, status, now.UtcDateTime, kept, (object?)forkedFrom ?? DBNull.Value);
        await ExecuteAsync(
            """
            INSERT INTO orchestration.entries (tenant, run_id, seq, step, call, attempt, kind, is_outcome, payload, started_at, ended_at)
            VALUES ($1, $2, 1, 1, 0, 0, 'completed', false, $3::jsonb, $4, $4)
            """,
            _tenant, run, EntryJson.Write(new RunCompleted("x")), now.UtcDateTime);
        await ExecuteAsync("INSERT INTO orchestration.signals (tenant, run_id, id, seq, kind, payload, at) VALUES ($1, $2, 'retry/1', 1, 'retry', '{}', $3)", _tenant, run, now.UtcDateTime);
        return run;
    }

    private async Task<bool> ExistsAsync(Guid run) => await CountAsync("SELECT count(*) FROM orchestration.runs WHERE id = $1", run) == 1;

    private async Task<long> TextsAsync() => await CountAsync("SELECT count(*) FROM orchestration.payloads WHERE tenant = $1", _tenant);

    private async Task<long> CountAsync(string sql, object value)
    {
        await using var command = _engine.CreateCommand(sql);
        command.Parameters.Add(new() { Value = value });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = _engine.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value is DBNull ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid } : new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
