using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;

namespace Minion.Orchestration.Tests.Runs;

/// <summary>Nonsense from models and callers: an answer that says what is wrong, never an error of the server.</summary>
public sealed class HostileCallTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(database.Database);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("send_message", """{"to":"x","to":"x","performative":"inform","content":"x"}""")]
    [InlineData("send_message", """{"to":"x","performative":"inform","content":"\ud800"}""")]
    [InlineData("send_message", """{"to":"x","performative":"inform","content":1e1000000}""")]
    [InlineData("send_message", """{"to":"\ud800","performative":"inform","content":"x"}""")]
    [InlineData("receive_messages", """{"\udc00":1}""")]
    [InlineData("workspace_set", """{"key":"\ud800","value":1}""")]
    [InlineData("workspace_set", """{"key":"a","value":"\ud800"}""")]
    [InlineData("ask_person", """{"question":"\ud800"}""")]
    [InlineData("calculator", """{"expression":"\ud800"}""")]
    [InlineData("notes_add", """{"text":"\ud800"}""")]
    public async Task A_call_with_arguments_that_are_no_text_fails_and_the_run_goes_on(string tool, string arguments)
    {
        await using var endpoint = await FakeOpenAi.StartAsync();
        endpoint.Then(Replies.ToolCalls(1, new FakeToolCall("c1", tool, arguments)), Replies.Text("Then not."));
        var agent = await _host.AgentAtAsync(endpoint.Url, tool);
        var session = (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;
        var run = await _host.StartAsync(agent, "go", session);

        var ended = await _host.UntilAsync(run.Id, RunStatus.Completed, RunStatus.Failed, RunStatus.Waiting);

        ended.Output.ShouldBe("Then not.");
        (await _host.EntriesAsync(run.Id)).Single(e => e.Tool is not null).Tool.Failure.Kind.ShouldBe("invalid_arguments");
    }

    [Theory]
    [InlineData("""{"a":1e1000000}""", "too large")]
    [InlineData("""{"a":"\ud800"}""", "surrogate")]
    [InlineData("""{"\ud800":1}""", "surrogate")]
    public async Task What_cannot_be_stored_is_refused_with_the_reason(string json, string reason)
    {
        var session = (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;
        var messages = new MessageService.MessageServiceClient(_host.Channel);
        var coordination = new CoordinationService.CoordinationServiceClient(_host.Channel);

        await RefusedAsync(messages.SendAsync(new SendRequest { To = "topic:x", Performative = Performative.Inform, Payload = json }).ResponseAsync, reason);
        await RefusedAsync(coordination.PushToQueueAsync(new PushToQueueRequest { Queue = "q", Payload = json }).ResponseAsync, reason);
        await RefusedAsync(_host.Workspaces.SetValueAsync(new SetValueRequest { SessionId = session, Key = "k", Value = json }).ResponseAsync, reason);
    }

    [Fact]
    public async Task A_place_behind_the_end_of_a_journal_ends_the_stream()
    {
        var agent = await _host.AgentAsync("""{"otherwise":"Hello."}""");
        var run = (await _host.StartAsync(agent, "go")).Id;
        await _host.UntilAsync(run, RunStatus.Completed);

        using var watch = _host.Runs.WatchRun(new WatchRunRequest { RunId = run, AfterSeq = long.MaxValue });
        (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        watch.ResponseStream.Current.Done.Status.ShouldBe(RunStatus.Completed);
        using var stream = _host.Streams.StreamRun(new StreamRunRequest { RunId = run, Cursor = $"{long.MaxValue}.1.0.0.0.0.0.0.0.0.0" });
        (await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_time_that_is_none_is_refused()
    {
        var schedules = new ScheduleService.ScheduleServiceClient(_host.Channel);
        var preview = new PreviewScheduleRequest
        {
            Definition = new ScheduleDefinition { Every = new Duration { Seconds = 60 } },
            After = new Timestamp { Seconds = 1, Nanos = -1 },
        };

        await RefusedAsync(schedules.PreviewScheduleAsync(preview).ResponseAsync, "must be a time");
    }

    private static async Task RefusedAsync<T>(Task<T> call, string reason)
    {
        var error = await Should.ThrowAsync<RpcException>(call);
        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Status.Detail.ShouldContain(reason);
    }
}
