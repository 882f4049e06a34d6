using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Tests.Hosting;
using Npgsql;
using Entry = Minion.Contracts.Orchestration.V1.Entry;

namespace Minion.Orchestration.Tests.Runs.Engine;

/// <summary>What becomes of runs when their worker is taken for dead: two hosts on one database.</summary>
public sealed class RecoveryTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Script =
        """{"rules":[{"match":"go","calls":[{"tool":"gated","arguments":{}}],"say":"done"}],"otherwise":"?"}""";

    [Theory]
    [InlineData("done", RunStatus.Completed)]
    [InlineData("skip", RunStatus.Completed)]
    [InlineData("retry", RunStatus.Completed)]
    public async Task What_a_crash_leaves_undecided_is_asked_and_goes_on_with_the_answer(string choice, RunStatus end)
    {
        var tool = new GatedTool("gated", Effect.SideEffect);
        await using var one = await EngineHost.StartAsync(database.Database, tools: tool);
        var agent = await one.AgentAsync(Script, ["gated"]);
        var run = await one.StartAsync(agent, "go");
        await Eventually.HoldsAsync(() => tool.Keys.Count == 1, "the tool to be called");

        await using var two = await EngineHost.StartAsync(database.Database, tools: tool);
        await TakeForDeadAsync(one, run);
        var waiting = await two.UntilAsync(run.Id, RunStatus.Waiting);

        var question = waiting.Questions.ShouldHaveSingleItem();
        question.Tool.ShouldBe("gated");
        tool.Keys.Count.ShouldBe(1);
        await two.Runs.AnswerAsync(new AnswerRequest { RunId = run.Id, Choice = choice, Text = "I looked." });
        await two.UntilAsync(run.Id, end);

        tool.Keys.Count.ShouldBe(choice == "retry" ? 2 : 1);
        (await two.Runs.AnswerAsync(new AnswerRequest { RunId = run.Id, QuestionId = question.Id, Choice = choice })).Run.Status.ShouldBe(end);
        var outcome = (await two.EntriesAsync(run.Id)).Single(e => e.KindCase == Entry.KindOneofCase.Tool);
        outcome.Tool.DecidedBy.ShouldBe(choice == "retry" ? "tool" : "person");
        tool.Open();
    }

    [Theory]
    [InlineData(Effect.Idempotent, 1)]
    [InlineData(Effect.ReadOnly, 0)]
    public async Task A_call_that_may_be_repeated_is_repeated_with_its_key(Effect effect, int intents)
    {
        // A lease that also a busy machine keeps: the one death here is the test's doing.
        var tool = new GatedTool("gated", effect);
        await using var one = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        var agent = await one.AgentAsync(Script, ["gated"]);
        var run = await one.StartAsync(agent, "go");
        await Eventually.HoldsAsync(() => tool.Keys.Count == 1, "the tool to be called");

        await using var two = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        await TakeForDeadAsync(one, run);
        await two.UntilAsync(run.Id, RunStatus.Completed);

        // A machine that stands still for longer than the lease may be one more death.
        tool.Keys.Count.ShouldBeGreaterThanOrEqualTo(2);
        tool.Keys.Distinct().ShouldHaveSingleItem();
        var entries = await two.EntriesAsync(run.Id);
        entries.Count(e => e.KindCase == Entry.KindOneofCase.Intent).ShouldBe(tool.Keys.Count * intents);
        entries.Count(e => e.KindCase == Entry.KindOneofCase.Tool).ShouldBe(1);
        tool.Open();
    }

    [Fact]
    public async Task A_tool_that_changes_something_and_breaks_is_asked_about_and_not_repeated()
    {
        var tool = new BreakingTool();
        await using var host = await EngineHost.StartAsync(database.Database, tools: tool);
        var agent = await host.AgentAsync(Script, ["gated"]);
        var waiting = await host.UntilAsync((await host.StartAsync(agent, "go")).Id, RunStatus.Waiting);

        waiting.Questions.ShouldHaveSingleItem().Tool.ShouldBe("gated");
        tool.Calls.ShouldBe(1);
        await host.Runs.AnswerAsync(new AnswerRequest { RunId = waiting.Id, Choice = "skip" });
        await host.UntilAsync(waiting.Id, RunStatus.Completed);
    }

    [Fact]
    public async Task A_worker_that_was_taken_for_dead_changes_nothing_and_comes_back_as_another()
    {
        var first = new GatedTool("gated", Effect.ReadOnly);
        await using var one = await EngineHost.StartAsync(database.Database, tools: first);
        var agent = await one.AgentAsync(Script, ["gated"]);
        var run = await one.StartAsync(agent, "go");
        await Eventually.HoldsAsync(() => first.Keys.Count == 1, "the tool to be called");

        await TakeForDeadAsync(one, run);
        first.Open();
        var ended = await one.UntilAsync(run.Id, RunStatus.Completed);

        var entries = await one.EntriesAsync(run.Id);
        entries.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, entries.Count).Select(i => (long)i));
        entries.Count(e => e.KindCase == Entry.KindOneofCase.Tool).ShouldBe(1);
        ended.Usage.ToolCalls.ShouldBe(1);
        // To its end: a run that is left would be claimed by the hosts of the next test.
        await one.UntilAsync((await one.StartAsync(agent, "go")).Id, RunStatus.Completed);
    }

    [Fact]
    public async Task A_late_append_is_fenced()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var agent = await host.AgentAsync("""{"delay":"10s","rules":[],"otherwise":"a b"}""");
        var run = await host.StartAsync(agent, "hello");
        await host.ExecuteAsync("UPDATE orchestration.runs SET epoch = epoch + 1 WHERE id = $1", Guid.Parse(run.Id));
        var late = new Append(Claimed(run, epoch: 1), 1, [new(1, 0, 0, 0, new ContextRecorded(0, 0, ""), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)], Transition.Continue)
        {
            At = DateTimeOffset.UnixEpoch,
        };

        (await host.Services.GetRequiredService<Appender>().AppendAsync(late, CancellationToken.None)).ShouldBe(AppendResult.Fenced);
        (await host.EntriesAsync(run.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_late_append_is_fenced_also_next_to_one_of_the_same_run_in_its_new_epoch()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var agent = await host.AgentAsync("""{"delay":"10s","rules":[],"otherwise":"a b"}""");
        var run = await host.StartAsync(agent, "hello");
        var other = await host.StartAsync(agent, "hello");
        await host.ExecuteAsync("UPDATE orchestration.runs SET epoch = epoch + 1 WHERE id = $1", Guid.Parse(run.Id));
        var appender = host.Services.GetRequiredService<Appender>();
        var late = new Append(Claimed(run, epoch: 1), 1, [Outcome(1)], Transition.Continue) { At = DateTimeOffset.UnixEpoch };
        var fresh = new Append(Claimed(run, epoch: 2), 1, [], Transition.Wait) { At = DateTimeOffset.UnixEpoch, Waiting = "[]" };

        // While the writer waits for the other run's row, both gather behind it.
        await using var connection = await host.Engine.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("SELECT 1 FROM orchestration.runs WHERE id = $1 FOR UPDATE", connection, transaction)
        {
            Parameters = { new() { Value = Guid.Parse(other.Id) } },
        };
        await locking.ExecuteNonQueryAsync();
        var blocked = appender.AppendAsync(
            new Append(Claimed(other, epoch: 1), 1, [Outcome(1)], Transition.Continue) { At = DateTimeOffset.UnixEpoch }, CancellationToken.None);
        await using var watching = host.Engine.CreateCommand("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND $1 = ANY (pg_blocking_pids(pid)))");
        watching.Parameters.Add(new() { Value = connection.ProcessID });
        await Eventually.HoldsAsync(async () => (bool)(await watching.ExecuteScalarAsync())!, "the writer to wait for a row");
        var both = Task.WhenAll(appender.AppendAsync(late, CancellationToken.None), appender.AppendAsync(fresh, CancellationToken.None));
        await transaction.RollbackAsync();

        (await blocked).ShouldBe(AppendResult.Committed);
        (await both).ShouldBe([AppendResult.Fenced, AppendResult.Committed]);
        (await host.EntriesAsync(run.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_run_whose_data_is_refused_fails_its_append()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var agent = await host.AgentAsync("""{"delay":"10s","rules":[],"otherwise":"a b"}""");
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => host.StartAsync(agent, $"hello {i}")));
        var appender = host.Services.GetRequiredService<Appender>();
        // Two outcomes of one call: the unique index refuses the second.
        var results = await Task.WhenAll(runs.Select((run, i) => appender.AppendAsync(
            new Append(Claimed(run, epoch: 1), 1, [Outcome(1), Outcome(i == 7 ? 1 : 2)], Transition.Continue) { At = DateTimeOffset.UnixEpoch },
            CancellationToken.None)));

        results.Count(r => r == AppendResult.Committed).ShouldBe(19);
        results[7].ShouldBe(AppendResult.Unstorable);
    }

    [Fact]
    public async Task A_wait_is_refused_when_a_signal_came_first()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var agent = await host.AgentAsync("""{"delay":"10s","rules":[],"otherwise":"a b"}""");
        var run = await host.StartAsync(agent, "hello");
        await host.ExecuteAsync("UPDATE orchestration.runs SET signal_seq = 1 WHERE id = $1", Guid.Parse(run.Id));
        var wait = new Append(Claimed(run, epoch: 1), 1, [], Transition.Wait) { At = DateTimeOffset.UnixEpoch, SignalSeq = 0, Waiting = "[]" };

        (await host.Services.GetRequiredService<Appender>().AppendAsync(wait, CancellationToken.None)).ShouldBe(AppendResult.WaitRefused);
        (await host.GetAsync(run.Id)).Status.ShouldBe(RunStatus.Running);
        (await host.Services.GetRequiredService<Appender>().AppendAsync(wait with { SignalSeq = 1 }, CancellationToken.None)).ShouldBe(AppendResult.Committed);
        (await host.GetAsync(run.Id)).Status.ShouldBe(RunStatus.Waiting);
    }

    [Fact]
    public async Task A_host_that_stops_hands_its_runs_back_at_once()
    {
        var agent = "";
        Run run;
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using (var one = await EngineHost.StartAsync(database.Database, lease: "00:05:00", tools: tool))
        {
            agent = await one.AgentAsync(Script, ["gated"]);
            run = await one.StartAsync(agent, "go");
            await Eventually.HoldsAsync(() => tool.Keys.Count == 1, "the tool to be called");
        }

        var open = new GatedTool("gated", Effect.ReadOnly);
        open.Open();
        await using var two = await EngineHost.StartAsync(database.Database, lease: "00:05:00", tools: open);
        await two.UntilAsync(run.Id, RunStatus.Completed);
    }

    [Fact]
    public async Task An_answer_to_nothing_is_refused()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var agent = await host.AgentAsync("""{"rules":[],"otherwise":"hi"}""");
        var run = await host.UntilAsync((await host.StartAsync(agent, "hello")).Id, RunStatus.Completed);
        var error = await Should.ThrowAsync<RpcException>(() => host.Runs.AnswerAsync(new AnswerRequest { RunId = run.Id, Choice = "done" }).ResponseAsync);
        error.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task One_tenants_many_runs_do_not_starve_anothers_single_one()
    {
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:05:00");
        var agent = await host.AgentAsync("""{"rules":[],"otherwise":"hi"}""");
        var sample = await host.UntilAsync((await host.StartAsync(agent, "hello")).Id, RunStatus.Completed);
        await host.DisposeAsync();
        await host.ExecuteAsync("DELETE FROM orchestration.ready");
        await host.ExecuteAsync(
            """
            INSERT INTO orchestration.runs
              (tenant, id, agent_id, agent, agent_version, behaviour, principal, permissions, status, deadline, limits, input, created_at, root_id)
            SELECT CASE WHEN n = 5000 THEN 'zz-small' ELSE 'big' END, gen_random_uuid(), agent_id, agent, agent_version, behaviour, principal, permissions,
              'ready', now() + interval '1 hour', limits, input, now(), id
            FROM orchestration.runs, generate_series(1, 5000) n WHERE id = $1
            """,
            Guid.Parse(sample.Id));
        await host.ExecuteAsync("INSERT INTO orchestration.ready SELECT tenant, priority, id FROM orchestration.runs WHERE tenant IN ('big', 'zz-small')");

        var claims = new ClaimStore(host.Engine, TimeProvider.System);
        var claimed = await claims.ClaimAsync(Guid.CreateVersion7(), 100, "", CancellationToken.None);

        claimed.ShouldContain(r => r.Tenant == "zz-small");
        claimed.Count(r => r.Tenant == "big").ShouldBe(50);
        await host.ExecuteAsync("DELETE FROM orchestration.ready");
        await host.ExecuteAsync("DELETE FROM orchestration.runs WHERE tenant IN ('big', 'zz-small')");
    }

    private static Minion.Orchestration.Runs.Journal.Entry Outcome(int step) => new(
        1, step, 0, 1, new CallReturned("t", "{}", Failure: null), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    private static ClaimedRun Claimed(Run run, long epoch) => new()
    {
        Tenant = "default",
        Id = Guid.Parse(run.Id),
        RootId = Guid.Parse(run.Id),
        AgentId = Guid.Empty,
        Agent = run.Agent,
        AgentVersion = 1,
        Behaviour = run.Behaviour,
        SessionId = null,
        FirstMessage = 0,
        LastMessage = 0,
        Principal = "",
        Permissions = [],
        Epoch = epoch,
        NextSeq = 1,
        Limits = new(50, 0, 900),
        Deadline = DateTimeOffset.MaxValue,
        Input = "",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Removes the row of the worker that holds the run, as another worker does when the heartbeat is stale.</summary>
    private static Task TakeForDeadAsync(EngineHost host, Run run) => host.ExecuteAsync(
        "DELETE FROM orchestration.workers WHERE id = (SELECT worker_id FROM orchestration.runs WHERE id = $1)", Guid.Parse(run.Id));
}
