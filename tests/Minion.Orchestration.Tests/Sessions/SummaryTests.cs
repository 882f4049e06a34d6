using System.Text.Json;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;

namespace Minion.Orchestration.Tests.Sessions;

/// <summary>What of a long session a run is given.</summary>
public sealed class SummaryTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;
    private FakeOpenAi _model = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        _model = await FakeOpenAi.StartAsync();
        _model.Otherwise = Replies.Text("answer");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _model.DisposeAsync();
    }

    [Fact]
    public async Task What_exceeds_the_budget_is_summarised_in_a_step_and_later_turns_use_that()
    {
        var agent = await AgentAsync(new ContextSettings { MaxTokens = 400, KeepLast = 2 });
        var session = await SessionAsync(30);
        await _host.Sessions.PinMessageAsync(new PinMessageRequest { SessionId = session, Seq = 3 });
        _model.Then(Replies.Text("SUMMARY ONE"));

        var run = await RunAsync(agent, "go on", session);

        var entries = await _host.EntriesAsync(run);
        var context = entries.Single(e => e.Context is not null).Context;
        var range = context.Summarise.ShouldHaveSingleItem();
        (range.First, context.Pinned.Single()).ShouldBe((1, 3));
        context.HistoryTokens.ShouldBeGreaterThan(context.BudgetTokens);
        var steps = entries.Where(e => e.Model is not null).ToList();
        steps.Select(e => (e.Step, e.Model.Purpose, e.Model.Text)).ShouldBe([(1, "summary", "SUMMARY ONE"), (2, "", "answer")]);
        steps[0].Model.Summarised.ShouldBe(range);
        Texts(0)[1].ShouldContain("[1] user: message 1 ");
        Texts(1)[0].ShouldBe("You are a test.");
        Texts(1)[1].ShouldEndWith("SUMMARY ONE");
        Texts(1)[2].ShouldStartWith("message 3 ");
        Texts(1)[3].ShouldStartWith($"message {range.Last + 1} ");
        Texts(1)[^1].ShouldBe("go on");

        await RunAsync(agent, "and again", session);
        _model.Requests.Count.ShouldBe(3);
        Texts(2)[1].ShouldEndWith("SUMMARY ONE");
        Texts(2).ShouldContain("go on");
        var summary = (await _host.Sessions.GetSessionAsync(new GetSessionRequest { Id = session })).Session.Summary;
        (summary.Id, summary.Content, summary.FirstSeq, summary.LastSeq, summary.RunId).ShouldBe((1, "SUMMARY ONE", 1, range.Last, run));
        (await _host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = session, Limit = 1_000 })).Messages.Count.ShouldBe(34);
    }

    [Fact]
    public async Task An_undone_summary_gives_the_full_messages_back()
    {
        var agent = await AgentAsync(new ContextSettings { MaxTokens = 400, KeepLast = 2 });
        var session = await SessionAsync(30);
        _model.Then(Replies.Text("WRONG"));
        await RunAsync(agent, "go on", session);

        var undone = (await _host.Sessions.UndoSummaryAsync(new UndoSummaryRequest { SessionId = session })).Summary;
        await RunAsync(agent, "again", session);

        undone.UndoneBy.ShouldNotBeEmpty();
        (await _host.Sessions.UndoSummaryAsync(new UndoSummaryRequest { SessionId = session })).Summary.ShouldBeNull();
        (await _host.Sessions.ListSummariesAsync(new ListSummariesRequest { SessionId = session })).Summaries.ShouldHaveSingleItem().ShouldBe(undone);
        _model.Requests.Count.ShouldBe(3);
        Texts(2).Count(t => t.StartsWith("message ", StringComparison.Ordinal)).ShouldBe(30);
        Texts(2).ShouldNotContain(t => t.Contains("WRONG", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_summaries_the_oldest_are_left_out_and_pinned_ones_stay()
    {
        var agent = await AgentAsync(new ContextSettings { MaxTokens = 300, Summarize = false });
        var session = await SessionAsync(30);
        await _host.Sessions.PinMessageAsync(new PinMessageRequest { SessionId = session, Seq = 1 });

        await RunAsync(agent, "go on", session);

        _model.Requests.ShouldHaveSingleItem();
        Texts(0)[1].ShouldStartWith("message 1 ");
        Texts(0)[^2].ShouldStartWith("message 30 ");
        Texts(0).Count.ShouldBeLessThan(20);
        Texts(0).ShouldNotContain(t => t.StartsWith("message 2 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_short_session_is_given_whole()
    {
        var agent = await AgentAsync(context: null);
        var session = await SessionAsync(30);

        await RunAsync(agent, "go on", session);

        Texts(0).Count.ShouldBe(32);
    }

    [Fact]
    public async Task A_run_that_summarised_replays_to_the_same_prompts()
    {
        var agent = await AgentAsync(new ContextSettings { MaxTokens = 400, KeepLast = 2 });
        var session = await SessionAsync(30);
        _model.Then(Replies.Text("SUMMARY"));
        var run = await RunAsync(agent, "go on", session);
        await RunAsync(agent, "later", session);

        var replay = await _host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run });

        replay.Same.ShouldBeTrue(replay.ToString());
        (replay.Prompts, replay.PromptsUnknown).ShouldBe((2, ""));
    }

    [Fact]
    public async Task Pins_are_limited_and_of_messages_that_there_are()
    {
        var session = await SessionAsync(60);
        var pins = await Task.WhenAll(Enumerable.Range(1, 60).Select(async seq =>
        {
            try
            {
                return (await _host.Sessions.PinMessageAsync(new PinMessageRequest { SessionId = session, Seq = seq })).Message.Pinned;
            }
            catch (RpcException full) when (full.StatusCode == StatusCode.ResourceExhausted)
            {
                return false;
            }
        }));

        pins.Count(p => p).ShouldBe(50);
        var missing = await Should.ThrowAsync<RpcException>(_host.Sessions.PinMessageAsync(new PinMessageRequest { SessionId = session, Seq = 61 }).ResponseAsync);
        missing.StatusCode.ShouldBe(StatusCode.NotFound);
        var pinned = Array.IndexOf(pins, true) + 1;
        (await _host.Sessions.UnpinMessageAsync(new UnpinMessageRequest { SessionId = session, Seq = pinned })).Message.Pinned.ShouldBeFalse();
    }

    private async Task<string> AgentAsync(ContextSettings? context)
    {
        var name = await _host.AgentAtAsync(_model.Url);
        var definition = (await _host.Agents.GetAgentAsync(new GetAgentRequest { Name = name })).Agent.Definition;
        definition.Context = context;
        await _host.Agents.UpdateAgentAsync(new UpdateAgentRequest { Definition = definition });
        return name;
    }

    private async Task<string> SessionAsync(int messages)
    {
        var request = new CreateSessionRequest();
        request.Messages.AddRange(Enumerable.Range(1, messages).Select(i => new NewMessage
        {
            Role = i % 2 == 1 ? Role.User : Role.Assistant,
            Content = $"message {i} {new string('x', 80)}",
        }));
        return (await _host.Sessions.CreateSessionAsync(request)).Session.Id;
    }

    private async Task<string> RunAsync(string agent, string input, string session)
    {
        var run = await _host.StartAsync(agent, input, session);
        var ended = await _host.UntilAsync(run.Id, RunStatus.Completed, RunStatus.Failed);
        ended.Status.ShouldBe(RunStatus.Completed, ended.Error?.Message);
        return run.Id;
    }

    private List<string> Texts(int request) =>
        [.. _model.Requests[request].Messages.Select(m => m.GetProperty("content")).Select(c => c.ValueKind == JsonValueKind.String ? c.GetString()! : c.ToString())];
}
