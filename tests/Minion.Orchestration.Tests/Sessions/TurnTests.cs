using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;

namespace Minion.Orchestration.Tests.Sessions;

/// <summary>Two turns at once on one session, within a process and across two.</summary>
public sealed class TurnTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Script =
        """{"rules":[{"match":"go","calls":[{"tool":"gated","arguments":{}}],"say":"gone"}],"otherwise":"quick"}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Queued_runs_take_their_turns_in_order_and_see_what_was_said_before(bool atAnother)
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        await using var other = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        var agent = await host.AgentAsync(Script, ["gated"]);
        var session = await SessionAsync(host, TurnPolicy.Unspecified);
        var first = await host.StartAsync(agent, "go", session);
        var next = atAnother ? other : host;
        var second = await next.StartAsync(agent, "two", session);
        var third = await host.StartAsync(agent, "three", session);

        second.Status.ShouldBe(RunStatus.Waiting);
        second.Queued.ShouldBeTrue();
        var listed = (await host.Sessions.GetSessionAsync(new GetSessionRequest { Id = session })).Session;
        (listed.CurrentRunId, listed.QueuedRuns).ShouldBe((first.Id, 2));
        (await host.GetAsync(third.Id)).Queued.ShouldBeTrue();
        (await MessagesAsync(host, session)).Select(m => m.Content).ShouldBe(["go"]);
        tool.Open();

        await host.UntilAsync(third.Id, RunStatus.Completed);
        (await MessagesAsync(host, session)).Select(m => (m.Content, m.RunId)).ShouldBe(
            [("go", first.Id), ("gone", first.Id), ("two", second.Id), ("quick", second.Id), ("three", third.Id), ("quick", third.Id)]);
        (await host.EntriesAsync(third.Id)).Single(e => e.Context is not null).Context.LastMessage.ShouldBe(4);
        (await host.Sessions.GetSessionAsync(new GetSessionRequest { Id = session })).Session.CurrentRunId.ShouldBe("");
    }

    [Fact]
    public async Task A_second_run_is_rejected_with_the_name_of_the_first_where_the_session_or_the_call_says_so()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        var agent = await host.AgentAsync(Script, ["gated"]);
        var session = await SessionAsync(host, TurnPolicy.Reject);
        var first = await host.StartAsync(agent, "go", session, request: $"first-{session}");

        var refused = await Should.ThrowAsync<RpcException>(() => host.StartAsync(agent, "two", session));
        var queued = (await host.Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = "three", SessionId = session, Turns = TurnPolicy.Queue })).Run;

        refused.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        FaultDetails.From(refused).Reason.ShouldBe("SESSION_BUSY");
        refused.Status.Detail.ShouldContain(first.Id);
        queued.Queued.ShouldBeTrue();
        (await host.StartAsync(agent, "go", session, request: $"first-{session}")).Id.ShouldBe(first.Id);
        tool.Open();
        await host.UntilAsync(queued.Id, RunStatus.Completed);
        (await MessagesAsync(host, session)).Select(m => m.Content).ShouldBe(["go", "gone", "three", "quick"]);
        await host.UntilAsync((await host.StartAsync(agent, "four", session)).Id, RunStatus.Completed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupting_run_stops_the_first_and_what_that_had_said_stays(bool atAnother)
    {
        await using var model = await FakeOpenAi.StartAsync();
        model.Then(Replies.HangAfter(3, "one two three four five"));
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        await using var other = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        var agent = await host.PatientAgentAsync(model.Url);
        var session = await SessionAsync(host, TurnPolicy.Interrupt);
        var first = await host.StartAsync(agent, "go", session);
        var said = await FirstTextAsync(host, first.Id);

        var second = await (atAnother ? other : host).StartAsync(agent, "stop that", session);
        await host.UntilAsync(second.Id, RunStatus.Completed);

        (await host.GetAsync(first.Id)).Status.ShouldBe(RunStatus.Cancelled);
        (await host.EntriesAsync(first.Id))[^1].Cancelled.Partial.ShouldStartWith(said);
        var messages = await MessagesAsync(host, session);
        messages.Select(m => (m.Role, m.Interrupted)).ShouldBe([(Role.User, false), (Role.Assistant, true), (Role.User, false), (Role.Assistant, false)]);
        messages[1].Content.ShouldStartWith(said);
        messages[1].RunId.ShouldBe(first.Id);
        model.Requests[^1].Messages.Select(m => m.GetProperty("content").GetString()).ShouldContain(messages[1].Content + " […interrupted]");
    }

    [Fact]
    public async Task An_interrupting_run_also_stops_those_that_wait()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        var agent = await host.AgentAsync(Script, ["gated"]);
        var session = await SessionAsync(host, TurnPolicy.Queue);
        var first = await host.StartAsync(agent, "go", session);
        var second = await host.StartAsync(agent, "two", session);
        var third = (await host.Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = "three", SessionId = session, Turns = TurnPolicy.Interrupt })).Run;

        await host.UntilAsync(third.Id, RunStatus.Completed);

        (await host.UntilAsync(first.Id, RunStatus.Cancelled)).Error.Message.ShouldContain(third.Id);
        await host.UntilAsync(second.Id, RunStatus.Cancelled);
        (await MessagesAsync(host, session)).Select(m => m.Content).ShouldBe(["go", "three", "quick"]);
        tool.Open();
    }

    [Fact]
    public async Task A_queued_run_that_is_cancelled_never_has_its_turn()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        var agent = await host.AgentAsync(Script, ["gated"]);
        var session = await SessionAsync(host, TurnPolicy.Queue);
        var first = await host.StartAsync(agent, "go", session);
        var second = await host.StartAsync(agent, "two", session);
        var third = await host.StartAsync(agent, "three", session);

        await host.Runs.CancelRunAsync(new CancelRunRequest { Id = second.Id });
        await host.UntilAsync(second.Id, RunStatus.Cancelled);
        tool.Open();
        await host.UntilAsync(third.Id, RunStatus.Completed);

        (await MessagesAsync(host, session)).Select(m => m.RunId).Distinct().ShouldBe([first.Id, third.Id]);
    }

    [Fact]
    public async Task The_turn_is_passed_on_when_a_run_fails_and_a_retry_takes_it_again()
    {
        await using var model = await FakeOpenAi.StartAsync();
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        model.Then(Replies.Error(400, "no"));
        var failing = await host.AgentAtAsync(model.Url);
        var agent = await host.AgentAsync(Script, ["gated"]);
        var session = await SessionAsync(host, TurnPolicy.Queue);
        var first = await host.StartAsync(failing, "one", session);
        await host.UntilAsync(first.Id, RunStatus.Failed);
        var second = await host.StartAsync(agent, "go", session);

        var refused = await Should.ThrowAsync<RpcException>(host.Runs.RetryRunAsync(new RetryRunRequest { Id = first.Id }).ResponseAsync);
        tool.Open();
        await host.UntilAsync(second.Id, RunStatus.Completed);
        await Eventually.HoldsAsync(async () => (await host.Sessions.GetSessionAsync(new GetSessionRequest { Id = session })).Session.CurrentRunId.Length == 0, "the turn to end");
        await host.Runs.RetryRunAsync(new RetryRunRequest { Id = first.Id });

        FaultDetails.From(refused).Reason.ShouldBe("SESSION_BUSY");
        await host.UntilAsync(first.Id, RunStatus.Completed);
        (await MessagesAsync(host, session)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_queued_run_begins_when_the_worker_of_the_first_has_died()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly);
        await using var one = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        var agent = await one.AgentAsync(Script, ["gated"]);
        var session = await SessionAsync(one, TurnPolicy.Queue);
        var first = await one.StartAsync(agent, "go", session);
        await Eventually.HoldsAsync(() => tool.Keys.Count == 1, "the tool to be called");
        var second = await one.StartAsync(agent, "two", session);
        await using var two = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);

        // As reaping does for a worker that is dead.
        await one.ExecuteAsync(
            """
            WITH freed AS (
              UPDATE orchestration.runs SET worker_id = NULL, status = 'ready', epoch = epoch + 1 WHERE id = $1 RETURNING tenant, priority, id)
            INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM freed
            """,
            Guid.Parse(first.Id));

        await two.UntilAsync(second.Id, RunStatus.Completed);
        (await MessagesAsync(two, session)).Select(m => m.Content).ShouldBe(["go", "gone", "two", "quick"]);
        tool.Open();
    }

    [Fact]
    public async Task Many_runs_that_are_started_at_once_by_two_processes_take_turns_without_loss()
    {
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        await using var other = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        var agent = await host.AgentAsync("""{"rules":[],"otherwise":"quick"}""");
        var session = await SessionAsync(host, TurnPolicy.Queue);

        var runs = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? host : other).StartAsync(agent, $"{i}", session)));
        foreach (var run in runs)
        {
            await host.UntilAsync(run.Id, RunStatus.Completed);
        }

        var messages = await MessagesAsync(host, session);
        messages.Count.ShouldBe(80);
        messages.Select(m => m.Seq).ShouldBe(Enumerable.Range(1, 80).Select(i => (long)i));
        messages.Chunk(2).ShouldAllBe(turn => turn[0].Role == Role.User && turn[1].Role == Role.Assistant && turn[0].RunId == turn[1].RunId);
    }

    private static async Task<string> SessionAsync(EngineHost host, TurnPolicy turns) =>
        (await host.Sessions.CreateSessionAsync(new CreateSessionRequest { Turns = turns })).Session.Id;

    private static async Task<List<Message>> MessagesAsync(EngineHost host, string session) =>
        [.. (await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = session, Limit = 1_000 })).Messages];

    private static async Task<string> FirstTextAsync(EngineHost host, string run)
    {
        using var watch = host.Runs.WatchRun(new WatchRunRequest { RunId = run }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.Add(Eventually.Patience));
        await foreach (var part in watch.ResponseStream.ReadAllAsync())
        {
            if (part.Delta is { Text.Length: > 0 } delta)
            {
                return delta.Text;
            }
        }

        throw new InvalidOperationException("The run ended without a text.");
    }
}
