using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Runs.History;

public sealed class HistoryServiceTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string TwoCalls =
        """{"rules":[{"match":"go","sequence":true,"calls":[{"tool":"record","arguments":{"n":1}},{"tool":"record","arguments":{"n":2}}],"say":"done twice"}],"otherwise":"?"}""";

    private readonly CountingTool _tool = new();
    private EngineHost _host = null!;

    private HistoryService.HistoryServiceClient History => _host.History;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(fixture.Database, "00:00:10", _tool);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_fork_takes_over_what_was_done_and_does_the_rest_itself()
    {
        var run = await RunAsync();
        var before = _tool.Keys.Count;

        var fork = (await History.ForkRunAsync(new ForkRunRequest { RunId = run.Id, At = BeforeStep(4) })).Run;
        var ended = await _host.UntilAsync(fork.Id, RunStatus.Completed, RunStatus.Failed, RunStatus.Waiting);

        ended.Output.ShouldBe("done twice");
        ended.ForkedFrom.ShouldBe(run.Id);
        _tool.Keys.Skip(before).ShouldHaveSingleItem().ShouldBe($"{Guid.Parse(fork.Id):N}/4/0");
        (await _host.EntriesAsync(fork.Id)).Select(e => e.Seq).ShouldBe(Enumerable.Range(1, (int)ended.LastSeq).Select(i => (long)i));
        ended.Usage.ToolCalls.ShouldBe(2);
    }

    [Fact]
    public async Task A_fork_may_have_another_model_and_other_instructions()
    {
        var run = await RunAsync();
        var other = await _host.AgentAsync("""{"rules":[],"otherwise":"the other model"}""");

        var fork = (await History.ForkRunAsync(new ForkRunRequest { RunId = run.Id, At = BeforeStep(1), Model = other, Instructions = "Be another." })).Run;

        (await _host.UntilAsync(fork.Id, RunStatus.Completed, RunStatus.Failed)).Output.ShouldBe("the other model");
        (await History.ReplayRunAsync(new ReplayRunRequest { RunId = fork.Id })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task A_fork_may_have_another_input_and_is_made_once_for_each_request()
    {
        var run = await RunAsync();
        var request = new ForkRunRequest { RunId = run.Id, At = BeforeStep(1), Input = "something else", RequestId = $"fork-{run.Id}" };

        var first = await History.ForkRunAsync(request);
        var second = await History.ForkRunAsync(request);

        second.Run.Id.ShouldBe(first.Run.Id);
        second.Existed.ShouldBeTrue();
        (await _host.UntilAsync(first.Run.Id, RunStatus.Completed, RunStatus.Failed)).Output.ShouldBe("?");
    }

    [Fact]
    public async Task A_fork_of_a_turn_sees_the_session_and_adds_nothing_to_it()
    {
        var agent = await _host.AgentAsync(TwoCalls, ["record"]);
        var session = (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest { Agent = agent })).Session.Id;
        await _host.UntilAsync((await _host.StartAsync(agent, "hello", session)).Id, RunStatus.Completed);
        var turn = await _host.UntilAsync((await _host.StartAsync(agent, "go", session)).Id, RunStatus.Completed);

        var fork = await _host.UntilAsync((await History.ForkRunAsync(new ForkRunRequest { RunId = turn.Id, At = BeforeStep(1) })).Run.Id, RunStatus.Completed, RunStatus.Failed);

        fork.Output.ShouldBe("done twice");
        fork.SessionId.ShouldBeEmpty();
        (await _host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = session })).Messages.Count.ShouldBe(4);
        var prompts = new List<string>();
        foreach (var run in new[] { turn, fork })
        {
            prompts.Add((await _host.EntriesAsync(run.Id)).First(e => e.Model is not null).Model.PromptHash);
            (await History.ReplayRunAsync(new ReplayRunRequest { RunId = run.Id })).ShouldSatisfyAllConditions(r => r.Same.ShouldBeTrue(), r => r.Prompts.ShouldBe(3));
        }

        prompts[0].ShouldBe(prompts[1]);
    }

    [Fact]
    public async Task A_fork_of_a_run_that_waits_asks_for_itself()
    {
        var agent = await _host.AskingAgentAsync(TwoCalls, ["record"], new ApprovalRule { Tool = "record" });
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Waiting);
        var before = _tool.Keys.Count;

        var fork = await _host.UntilAsync((await History.ForkRunAsync(new ForkRunRequest { RunId = run.Id })).Run.Id, RunStatus.Waiting);
        await _host.Runs.AnswerAsync(new AnswerRequest { RunId = fork.Id, Choice = "approve" });
        await Eventually.HoldsAsync(() => _tool.Keys.Count > before, "the fork's call");

        _tool.Keys.ShouldContain($"{Guid.Parse(fork.Id):N}/2/0");
        (await _host.GetAsync(run.Id)).Status.ShouldBe(RunStatus.Waiting);
    }

    [Fact]
    public async Task A_recorded_run_is_replayed_to_the_same_decisions_and_prompts()
    {
        var run = await RunAsync();
        var calls = _tool.Keys.Count;

        var replay = await History.ReplayRunAsync(new ReplayRunRequest { RunId = run.Id });

        replay.Divergence.ShouldBeNull();
        replay.Same.ShouldBeTrue();
        replay.Entries.ShouldBe(run.LastSeq);
        replay.Prompts.ShouldBe(3);
        replay.PromptsUnknown.ShouldBeEmpty();
        _tool.Keys.Count.ShouldBe(calls);
    }

    [Fact]
    public async Task A_run_is_replayed_by_a_process_that_has_not_seen_its_tools()
    {
        var run = await RunAsync();
        await using var other = await EngineHost.StartAsync(fixture.Database, "00:00:10", _tool);

        var replay = await other.History.ReplayRunAsync(new ReplayRunRequest { RunId = run.Id });

        replay.Divergence.ShouldBeNull();
        replay.Prompts.ShouldBe(3);
    }

    [Fact]
    public async Task A_replay_says_where_it_diverges()
    {
        var run = await RunAsync();
        await using (var source = fixture.Database.DataSource(Data.DatabaseRoles.Migrator))
        await using (var command = source.CreateCommand(
            """UPDATE orchestration.entries SET payload = jsonb_set(payload, '{prompt_hash}', '"00"') WHERE run_id = $1 AND kind = 'model' AND step = 3"""))
        {
            command.Parameters.Add(new() { Value = Guid.Parse(run.Id) });
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var replay = await History.ReplayRunAsync(new ReplayRunRequest { RunId = run.Id });

        replay.Same.ShouldBeFalse();
        replay.Divergence.Step.ShouldBe(3);
        replay.Divergence.Recorded.ShouldContain("00");
    }

    [Fact]
    public async Task Runs_are_compared_up_to_their_first_difference()
    {
        var run = await RunAsync();
        var fork = (await History.ForkRunAsync(new ForkRunRequest { RunId = run.Id, At = BeforeStep(3) })).Run;
        await _host.UntilAsync(fork.Id, RunStatus.Completed);
        var other = await _host.AgentAsync("""{"rules":[],"otherwise":"no"}""", ["record"]);
        var elsewhere = await _host.UntilAsync((await _host.StartAsync(other, "go")).Id, RunStatus.Completed);

        var same = await History.DiffRunsAsync(new DiffRunsRequest { RunId = run.Id, OtherRunId = fork.Id });
        var different = await History.DiffRunsAsync(new DiffRunsRequest { RunId = run.Id, OtherRunId = elsewhere.Id });

        same.SameEntries.ShouldBe(run.LastSeq);
        same.First.ShouldBeNull();
        different.First.Model.ShouldNotBeNull();
        different.OtherFirst.Model.Text.ShouldBe("no");
        different.Steps.ShouldBe(5);
        different.OtherSteps.ShouldBe(1);
    }

    [Fact]
    public async Task A_run_is_shown_as_it_was_before_a_step()
    {
        var run = await RunAsync();

        var at = await History.GetRunAtAsync(new GetRunAtRequest { RunId = run.Id, At = BeforeStep(4) });

        at.Step.ShouldBe(3);
        at.OpenCalls.ShouldBe(["4.0 record"]);
        at.Next.ShouldBe("call record (4.0)");
        at.Usage.ModelCalls.ShouldBe(2);
        at.Ended.ShouldBe(RunStatus.Unspecified);
    }

    [Fact]
    public async Task A_run_is_kept_and_released()
    {
        var run = await RunAsync();
        (await History.KeepRunAsync(new KeepRunRequest { RunId = run.Id })).Run.Kept.ShouldBeTrue();
        (await History.KeepRunAsync(new KeepRunRequest { RunId = run.Id, Release = true })).Run.Kept.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_wrong_with_a_fork_is_said_all_at_once()
    {
        var error = await Should.ThrowAsync<RpcException>(async () => await History.ForkRunAsync(new ForkRunRequest
        {
            RunId = "x",
            At = BeforeStep(0),
            AgentVersion = -1,
            Instructions = new string('a', 100_001),
            Input = "",
        }));
        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        foreach (var field in new[] { "run_id", "at.before_step", "agent_version", "instructions", "input" })
        {
            error.Status.Detail.ShouldContain(field);
        }
    }

    [Fact]
    public async Task A_point_that_is_not_in_the_journal_is_refused()
    {
        var run = await RunAsync();
        (await FailureAsync(new ForkRunRequest { RunId = run.Id, At = BeforeStep(99) })).Status.Detail.ShouldContain("at.before_step");
        (await FailureAsync(new ForkRunRequest { RunId = run.Id, At = new JournalPoint { AfterSeq = 99 } })).Status.Detail.ShouldContain("at.after_seq");
    }

    [Fact]
    public async Task A_change_that_would_count_for_nothing_is_refused()
    {
        var run = await RunAsync();

        foreach (var request in new ForkRunRequest[] { new() { Input = "another" }, new() { Instructions = "Be another." }, new() { AgentVersion = 1 } })
        {
            request.RunId = run.Id;
            var failure = await FailureAsync(request);
            failure.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            failure.Status.Detail.ShouldContain("Say from which step.");
        }

        (await History.ForkRunAsync(new ForkRunRequest { RunId = run.Id })).Run.ForkedFrom.ShouldBe(run.Id);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        var run = await RunAsync();
        var none = Guid.CreateVersion7().ToString();
        (await FailureAsync(new ForkRunRequest { RunId = none })).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureAsync(new ForkRunRequest { RunId = run.Id, Model = "no-such-model" })).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureAsync(new ForkRunRequest { RunId = run.Id, AgentVersion = 99 })).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(async () => await History.ReplayRunAsync(new ReplayRunRequest { RunId = none }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(async () => await History.KeepRunAsync(new KeepRunRequest { RunId = none }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Another_tenants_run_is_not_found()
    {
        var run = await RunAsync();
        await _host.ExecuteAsync("UPDATE orchestration.runs SET tenant = 'other' WHERE id = $1", Guid.Parse(run.Id));
        (await FailureAsync(new ForkRunRequest { RunId = run.Id })).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    private static JournalPoint BeforeStep(int step) => new() { BeforeStep = step };

    private Task<RpcException> FailureAsync(ForkRunRequest request) => Should.ThrowAsync<RpcException>(async () => await History.ForkRunAsync(request));

    private async Task<Run> RunAsync()
    {
        var agent = await _host.AgentAsync(TwoCalls, ["record"]);
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "go")).Id, RunStatus.Completed, RunStatus.Failed);
        run.Output.ShouldBe("done twice");
        return run;
    }

    private sealed class CountingTool : Tools.ITool
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Keys { get; } = new();

        public Tools.ToolDescription Description { get; } = new()
        {
            Name = "record",
            Version = "1",
            Description = "Counts its calls.",
            InputSchema = """{"properties":{"n":{"type":"integer","description":"Which call it is."}},"type":"object"}""",
            OutputSchema = """{"type":"object"}""",
            Policy = new Tools.ToolPolicy(Effect.SideEffect),
        };

        public ValueTask<Tools.ToolOutcome> InvokeAsync(Tools.ToolCall call, CancellationToken cancellationToken)
        {
            Keys.Enqueue(call.IdempotencyKey);
            return ValueTask.FromResult<Tools.ToolOutcome>(new Tools.ToolResult(System.Text.Json.JsonDocument.Parse("{}").RootElement));
        }
    }
}
