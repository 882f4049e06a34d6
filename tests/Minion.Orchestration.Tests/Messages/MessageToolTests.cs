using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Messages;
using Minion.Orchestration.Tests.Hosting;
using MessageClient = Minion.Contracts.Orchestration.V1.MessageService.MessageServiceClient;

namespace Minion.Orchestration.Tests.Messages;

/// <summary>Agents that send and receive by themselves.</summary>
public sealed class MessageToolTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(fixture.Database);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task One_agent_sends_and_another_receives_in_its_run()
    {
        var receiver = await _host.AgentAsync(
            """{ "rules": [ { "match": "look", "calls": [ { "tool": "receive_messages" } ], "say": "{{receive_messages.messages.content}}" } ] }""", ["receive_messages"]);
        var sender = await _host.AgentAsync(
            $$"""{ "rules": [ { "match": "tell (?<what>\\w+)", "calls": [ { "tool": "send_message", "arguments": { "to": "{{receiver}}", "performative": "inform", "content": "{{"{{what}}"}}" } } ], "say": "told {{"{{send_message.receivers}}"}}" } ] }""",
            ["send_message"]);

        foreach (var word in new[] { "one", "two" })
        {
            var told = await _host.StartAsync(sender, $"tell {word}");
            (await _host.UntilAsync(told.Id, RunStatus.Completed)).Output.ShouldBe("told 1");
        }

        var looked = await _host.StartAsync(receiver, "look");
        var output = (await _host.UntilAsync(looked.Id, RunStatus.Completed)).Output;
        output.IndexOf("one", StringComparison.Ordinal).ShouldBeInRange(0, output.IndexOf("two", StringComparison.Ordinal));
        (await new MessageClient(_host.Channel).ReceiveAsync(new ReceiveRequest { Receiver = $"agent:{receiver}" })).Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_to_nobody_is_a_failure_that_the_model_sees()
    {
        var agent = await _host.AgentAsync(
            """{ "rules": [ { "match": "go", "calls": [ { "tool": "send_message", "arguments": { "to": "nobody", "performative": "request", "content": 1 } } ], "say": "sent", "on_error": "failed: {{error}}" } ] }""",
            ["send_message"]);

        var run = await _host.StartAsync(agent, "go");

        (await _host.UntilAsync(run.Id, RunStatus.Completed)).Output.ShouldContain("nobody");
        (await _host.EntriesAsync(run.Id)).Select(e => e.Tool?.Failure?.Kind).OfType<string>().ShouldBe(["agent_not_found"]);
    }

    [Fact]
    public async Task A_repeated_call_takes_the_same_messages()
    {
        var agent = await _host.AgentAsync("""{ "otherwise": "-" }""");
        var client = new MessageClient(_host.Channel);
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync(new SendRequest { To = $"agent:{agent}", Performative = Performative.Inform, Payload = $"{i}" });
        }

        var mailboxes = _host.Services.GetRequiredService<Mailboxes>();
        var first = await mailboxes.TakeAsync("default", [$"agent:{agent}"], 3, "key/1", CancellationToken.None);
        var again = await mailboxes.TakeAsync("default", [$"agent:{agent}"], 3, "key/1", CancellationToken.None);
        var next = await mailboxes.TakeAsync("default", [$"agent:{agent}"], 10, "key/2", CancellationToken.None);

        first.Select(m => m.Payload).ShouldBe(["0", "1", "2"]);
        again.Select(m => m.Id).ShouldBe(first.Select(m => m.Id));
        next.Select(m => m.Payload).ShouldBe(["3", "4"]);
    }
}
