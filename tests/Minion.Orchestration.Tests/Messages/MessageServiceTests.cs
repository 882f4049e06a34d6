using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Messages;
using Minion.Orchestration.Tests.Hosting;
using Minion.ServiceDefaults.Callers;
using MessageClient = Minion.Contracts.Orchestration.V1.MessageService.MessageServiceClient;

namespace Minion.Orchestration.Tests.Messages;

public sealed class MessageServiceTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string Echo = """{ "rules": [ { "match": "^(?<all>[\\s\\S]*)$", "say": "{{all}}" } ] }""";

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Messages:Backoff"] = "00:00:00.010",
        ["Messages:MaxAttempts"] = "3",
        ["Messages:Sweep"] = "00:00:00.200",
    };

    private EngineHost _host = null!;
    private MessageClient _messages = null!;
    private string _agent = null!;
    private string _other = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(fixture.Database, Settings);
        _messages = new MessageClient(_host.Channel);
        _agent = await _host.AgentAsync(Echo);
        _other = await _host.AgentAsync(Echo);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_message_is_received_acknowledged_and_gone()
    {
        var sent = await SendAsync($"agent:{_agent}", "{\"task\":\"sum\"}", r => (r.FromAgent, r.Performative) = (_other, Performative.Request));
        var delivery = (await ReceiveAsync(_agent)).ShouldHaveSingleItem();

        delivery.Message.Id.ShouldBe(sent.Message.Id);
        delivery.Message.Sender.ShouldBe($"agent:{_other}");
        delivery.Message.Performative.ShouldBe(Performative.Request);
        delivery.Message.ConversationId.ShouldBe(sent.Message.Id);
        JsonNode.Parse(delivery.Message.Payload)!["task"]!.GetValue<string>().ShouldBe("sum");
        (delivery.Seq, delivery.Attempt).ShouldBe((1, 1));
        (await ReceiveAsync(_agent)).ShouldBeEmpty("it is leased");
        await AcknowledgeAsync(delivery);
        await AcknowledgeAsync(delivery);
        (await ReceiveAsync(_agent)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_performative_travels_and_an_answer_stays_in_the_conversation()
    {
        var all = System.Enum.GetValues<Performative>().Where(p => p != Performative.Unspecified).ToList();
        all.Count.ShouldBeGreaterThanOrEqualTo(18);
        Performatives.Names.ShouldContain("call-for-proposals");
        Performatives.Names.ShouldContain("not-understood");
        var first = await SendAsync($"agent:{_agent}", "null");
        foreach (var performative in all)
        {
            var reply = await SendAsync($"agent:{_other}", "1", r => (r.Performative, r.InReplyTo, r.FromAgent) = (performative, first.Message.Id, _agent));
            reply.Message.ConversationId.ShouldBe(first.Message.Id);
            var delivery = (await ReceiveAsync(_other)).ShouldHaveSingleItem();
            delivery.Message.Performative.ShouldBe(performative);
            delivery.Message.InReplyTo.ShouldBe(first.Message.Id);
            await AcknowledgeAsync(delivery);
        }
    }

    [Fact]
    public async Task A_repeated_key_sends_once_and_another_message_under_it_is_refused()
    {
        var first = await SendAsync($"agent:{_agent}", "1", r => r.Key = "k");
        var again = await SendAsync($"agent:{_agent}", "1", r => r.Key = "k");

        again.Existed.ShouldBeTrue();
        again.Message.ShouldBe(first.Message);
        (await DetailsAsync(SendAsync($"agent:{_agent}", "2", r => r.Key = "k"))).Reason.ShouldBe("MESSAGE_KEY_REUSED");
        (await SendAsync($"agent:{_agent}", "2", r => (r.Key, r.FromAgent) = ("k", _other))).Existed.ShouldBeFalse("the key is of its sender");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync($"agent:{_other}", "3", r => r.Key = "at once")));
        (await ReceiveAllAsync(_other)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_next_of_a_sender_comes_after_the_one_before_it_and_senders_do_not_wait_for_each_other()
    {
        foreach (var n in new[] { "1", "2" })
        {
            await SendAsync($"agent:{_agent}", n, r => r.FromAgent = _other);
        }

        await SendAsync($"agent:{_agent}", "10", r => r.FromAgent = _agent);

        var both = await ReceiveAsync(_agent, limit: 10);
        both.Select(d => d.Message.Payload).Order().ShouldBe(["1", "10"]);
        await AcknowledgeAsync(both.Single(d => d.Message.Payload == "1"));
        (await ReceiveAsync(_agent, limit: 10)).ShouldHaveSingleItem().Message.Payload.ShouldBe("2");
    }

    [Fact]
    public async Task What_is_not_acknowledged_comes_again_under_another_lease_and_dies_in_the_end()
    {
        await SendAsync($"agent:{_agent}", "1");
        await SendAsync($"agent:{_agent}", "2");
        var leases = new List<Delivery>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var delivery = (await ReceiveAsync(_agent, wait: 30)).ShouldHaveSingleItem();
            (delivery.Message.Payload, delivery.Attempt).ShouldBe(("1", attempt));
            leases.Add(delivery);
            await LapseAsync(delivery);
        }

        var next = (await ReceiveAsync(_agent, wait: 30)).ShouldHaveSingleItem();
        next.Message.Payload.ShouldBe("2");
        leases.Select(l => l.LeaseId).ShouldBeUnique();
        (await DetailsAsync(AcknowledgeAsync(leases[0]))).Reason.ShouldBe("LEASE_LOST");
        var dead = (await DeadAsync()).ShouldHaveSingleItem();
        (dead.Reason, dead.Attempts, dead.Message.Payload).ShouldBe(("attempts", 3, "1"));
    }

    [Fact]
    public async Task A_late_acknowledgement_counts_as_long_as_nobody_else_has_the_message()
    {
        await SendAsync($"agent:{_agent}", "1");
        var delivery = (await ReceiveAsync(_agent)).ShouldHaveSingleItem();
        await LapseAsync(delivery);

        await AcknowledgeAsync(delivery);

        (await ReceiveAsync(_agent)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rejected_message_comes_again_or_becomes_a_dead_letter_that_can_be_replayed()
    {
        await SendAsync($"agent:{_agent}", "\"x\"");
        var first = (await ReceiveAsync(_agent)).ShouldHaveSingleItem();
        await _messages.RejectAsync(new RejectRequest { DeliveryId = first.Id, LeaseId = first.LeaseId, Reason = "busy" });
        var second = (await ReceiveAsync(_agent, wait: 30)).ShouldHaveSingleItem();
        second.Attempt.ShouldBe(2);
        await _messages.RejectAsync(new RejectRequest { DeliveryId = second.Id, LeaseId = second.LeaseId, Dead = true, Reason = "nonsense" });

        var dead = (await DeadAsync()).ShouldHaveSingleItem();
        (dead.Reason, dead.Detail).ShouldBe(("rejected", "nonsense"));
        (await _messages.GetDeadLetterAsync(new GetDeadLetterRequest { Id = dead.Id })).DeadLetter.Message.Payload.ShouldBe("\"x\"");
        await SendAsync($"agent:{_agent}", "\"later\"");
        (await _messages.ReplayDeadLetterAsync(new ReplayDeadLetterRequest { Id = dead.Id })).Receivers.ShouldBe(1);
        (await ReceiveAllAsync(_agent)).Select(d => (d.Message.Payload, d.Attempt)).ShouldBe([("\"later\"", 1), ("\"x\"", 1)]);
        (await DetailsAsync(_messages.ReplayDeadLetterAsync(new ReplayDeadLetterRequest { Id = dead.Id }).ResponseAsync)).Reason.ShouldBe("DEAD_LETTER_NOT_FOUND");
    }

    [Fact]
    public async Task What_expires_is_a_dead_letter_also_when_nobody_receives()
    {
        await SendAsync($"agent:{_agent}", "1", r => r.TimeToLive = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)));
        await SendAsync($"agent:{_agent}", "2");

        await Until.TrueAsync(async () => (await DeadAsync()).Count == 1, () => "the message to expire");

        (await DeadAsync())[0].Reason.ShouldBe("expired");
        (await ReceiveAsync(_agent)).ShouldHaveSingleItem().Message.Payload.ShouldBe("2");
        var dead = (await DeadAsync())[0];
        await _messages.DeleteDeadLetterAsync(new DeleteDeadLetterRequest { Id = dead.Id });
        (await DeadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_topic_reaches_each_subscriber_and_without_one_the_message_is_a_dead_letter()
    {
        var topic = $"news.{Guid.CreateVersion7():N}";
        (await SendAsync($"topic:{topic}", "0")).Receivers.ShouldBe(0);
        foreach (var agent in new[] { _agent, _other, _agent })
        {
            await _messages.SubscribeAsync(new SubscribeRequest { Topic = topic, Subscriber = $"agent:{agent}" });
        }

        (await SendAsync($"topic:{topic}", "1")).Receivers.ShouldBe(2);
        var dead = (await DeadAsync($"topic:{topic}")).ShouldHaveSingleItem();
        dead.Reason.ShouldBe("no_subscriber");
        (await _messages.ReplayDeadLetterAsync(new ReplayDeadLetterRequest { Id = dead.Id })).Receivers.ShouldBe(2);
        (await ReceiveAllAsync(_agent)).Select(d => d.Message.Payload).ShouldBe(["1", "0"]);
        (await ReceiveAllAsync(_other)).Select(d => d.Message.Payload).ShouldBe(["1", "0"]);
        await _messages.UnsubscribeAsync(new UnsubscribeRequest { Topic = topic, Subscriber = $"agent:{_other}" });
        (await _messages.ListSubscriptionsAsync(new ListSubscriptionsRequest { Topic = topic })).Subscriptions.ShouldHaveSingleItem().Subscriber.ShouldBe($"agent:{_agent}");
        (await SendAsync($"topic:{topic}", "2")).Receivers.ShouldBe(1);
    }

    [Fact]
    public async Task Messages_to_nobody_are_refused_by_name()
    {
        (await DetailsAsync(SendAsync("agent:nobody", "1"))).Reason.ShouldBe("AGENT_NOT_FOUND");
        (await DetailsAsync(SendAsync($"run:{Guid.CreateVersion7()}", "1"))).Reason.ShouldBe("RUN_NOT_FOUND");
        (await DetailsAsync(SendAsync($"session:{Guid.CreateVersion7()}", "1"))).Reason.ShouldBe("SESSION_NOT_FOUND");
        var run = await _host.StartAsync(_agent, "hello");
        await _host.UntilAsync(run.Id, RunStatus.Completed);
        (await DetailsAsync(SendAsync($"run:{run.Id}", "1"))).Reason.ShouldBe("RECEIVER_ENDED");
        (await DetailsAsync(_messages.SubscribeAsync(new SubscribeRequest { Topic = "t", Subscriber = "agent:nobody" }).ResponseAsync)).Reason.ShouldBe("AGENT_NOT_FOUND");
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var details = await DetailsAsync(_messages.SendAsync(new SendRequest
        {
            To = "somewhere",
            Payload = "{",
            FromAgent = "A B",
            Key = new string('k', 201),
            InReplyTo = "x",
            TimeToLive = Duration.FromTimeSpan(TimeSpan.FromDays(1000)),
        }).ResponseAsync);

        details.Fields.Select(f => f.Field).Order().ShouldBe(["from_agent", "in_reply_to", "key", "payload", "performative", "time_to_live", "to"]);
        details = await DetailsAsync(SendAsync($"agent:{_agent}", $"\"{new string('x', 1024 * 1024)}\""));
        details.Fields.ShouldHaveSingleItem().Message.ShouldContain("1 MiB");
        details = await DetailsAsync(SendAsync($"agent:{_agent}", new string('[', 200)));
        details.Fields.ShouldHaveSingleItem().Field.ShouldBe("payload");
        details = await DetailsAsync(_messages.ReceiveAsync(new ReceiveRequest { Receiver = "topic:x", Limit = 101, Wait = Duration.FromTimeSpan(TimeSpan.FromSeconds(61)) }).ResponseAsync);
        details.Fields.Select(f => f.Field).Order().ShouldBe(["limit", "receiver", "wait"]);
    }

    [Fact]
    public async Task Large_messages_of_many_senders_are_handed_out_as_an_answer_can_hold_them()
    {
        var senders = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            senders.Add(await _host.AgentAsync(Echo));
            await SendAsync($"agent:{_agent}", $"\"{new string('x', 1024 * 1024 - 2)}\"", r => r.FromAgent = senders[^1]);
        }

        var seen = new HashSet<string>();
        while (seen.Count < 5)
        {
            foreach (var delivery in await ReceiveAsync(_agent, limit: 100))
            {
                seen.Add(delivery.Message.Sender).ShouldBeTrue();
                delivery.Attempt.ShouldBe(1);
            }
        }
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_a_message_that_another_process_took()
    {
        await using var other = await EngineHost.StartAsync(fixture.Database, Settings);
        var waiting = new MessageClient(other.Channel).ReceiveAsync(
            new ReceiveRequest { Receiver = $"agent:{_agent}", Wait = Duration.FromTimeSpan(TimeSpan.FromSeconds(60)) }).ResponseAsync;

        await SendAsync($"agent:{_agent}", "1");

        (await waiting).Deliveries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Other_tenants_see_and_touch_nothing()
    {
        await SendAsync($"agent:{_agent}", "1");
        var delivery = (await ReceiveAsync(_agent)).ShouldHaveSingleItem();
        var headers = _host.Services.GetRequiredService<CallerSigner>().Headers(new Caller("other", "user:eve", ["*"]), "orchestration");

        (await DetailsAsync(_messages.AcknowledgeAsync(new AcknowledgeRequest { DeliveryId = delivery.Id, LeaseId = delivery.LeaseId }, headers).ResponseAsync)).Reason.ShouldBe("DELIVERY_NOT_FOUND");
        (await _messages.ListDeadLettersAsync(new ListDeadLettersRequest(), headers)).DeadLetters.ShouldBeEmpty();
        (await DetailsAsync(_messages.SendAsync(new SendRequest { To = $"agent:{_agent}", Performative = Performative.Inform }, headers).ResponseAsync)).Reason.ShouldBe("AGENT_NOT_FOUND");
    }

    [Fact]
    public async Task A_message_starts_one_run_with_itself_as_the_input()
    {
        await using var other = await EngineHost.StartAsync(fixture.Database, Settings);
        await _messages.SubscribeAsync(new SubscribeRequest { Subscriber = $"agent:{_agent}", StartsRun = true });
        await _messages.SubscribeAsync(new SubscribeRequest { Subscriber = $"agent:{_agent}", Topic = "orders", StartsRun = true, Input = "{{performative}} on {{topic}}: {{payload}}" });
        for (var i = 0; i < 10; i++)
        {
            await SendAsync($"agent:{_agent}", $"{{\"n\":{i}}}");
            await SendAsync("topic:orders", $"{i}");
        }

        await Until.TrueAsync(async () => (await RunsAsync()).Count(r => r.Status == RunStatus.Completed) >= 20, () => "twenty runs");

        var runs = await RunsAsync();
        runs.Count.ShouldBe(20);
        runs.Count(r => r.Output.StartsWith("inform on orders: ", StringComparison.Ordinal)).ShouldBe(10);
        runs.Count(r => r.Input.Contains("from: ", StringComparison.Ordinal) && r.Input.Contains("\"n\"", StringComparison.Ordinal)).ShouldBe(10);
        runs.Select(r => r.RequestId).ShouldBeUnique();
    }

    [Fact]
    public async Task A_run_that_was_started_before_a_crash_is_not_started_again()
    {
        await _messages.SubscribeAsync(new SubscribeRequest { Subscriber = $"agent:{_agent}", StartsRun = true });
        await SendAsync($"agent:{_agent}", "1");
        await Until.TrueAsync(async () => (await RunsAsync()).Count == 1, () => "the run");

        // As a process leaves it that dies between the run's acceptance and the acknowledgement.
        await _host.ExecuteAsync("UPDATE orchestration.deliveries SET status = 'pending', ended_at = NULL WHERE receiver = $1", $"starts:{_agent}");
        await _host.ExecuteAsync("UPDATE orchestration.lanes SET ready_at = now() WHERE receiver = $1", $"starts:{_agent}");
        await SendAsync($"agent:{_agent}", "2");

        await Until.TrueAsync(async () => (await RunsAsync()).Count == 2, () => "the second run");
        (await DeadAsync($"starts:{_agent}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_start_is_a_dead_letter_with_the_reason()
    {
        await _messages.SubscribeAsync(new SubscribeRequest { Subscriber = $"agent:{_agent}", StartsRun = true });
        await _host.Agents.ChangeAgentStatusAsync(new ChangeAgentStatusRequest { Name = _agent, Status = AgentStatus.Inactive });
        await SendAsync($"agent:{_agent}", "1");

        await Until.TrueAsync(async () => (await DeadAsync($"starts:{_agent}")).Count == 1, () => "the dead letter");

        (await DeadAsync($"starts:{_agent}"))[0].Detail.ShouldContain("inactive");
    }

    [Fact]
    public async Task What_a_receiver_that_ended_has_not_taken_is_buried()
    {
        var tool = new GatedTool("gated", Contracts.Tools.V1.Effect.ReadOnly);
        await using var host = await EngineHost.StartAsync(fixture.Database, Settings, tool);
        var agent = await host.AgentAsync("""{ "rules": [ { "match": "go", "calls": [ { "tool": "gated" } ], "say": "done" } ] }""", ["gated"]);
        var run = await host.StartAsync(agent, "go");
        await SendAsync($"run:{run.Id}", "1");
        tool.Open();
        await host.UntilAsync(run.Id, RunStatus.Completed);

        await Until.TrueAsync(async () => (await DeadAsync($"run:{run.Id}")).Count == 1, () => "the dead letter");

        (await DeadAsync($"run:{run.Id}"))[0].Reason.ShouldBe("receiver_ended");
    }

    [Fact]
    public async Task What_is_over_is_forgotten_after_its_retention_and_what_is_open_stays()
    {
        var acknowledged = await SendAsync($"agent:{_agent}", "1");
        await AcknowledgeAsync((await ReceiveAsync(_agent)).ShouldHaveSingleItem());
        var open = await SendAsync($"agent:{_agent}", "2");
        await _host.ExecuteAsync("UPDATE orchestration.messages SET sent_at = now() - interval '1 year' WHERE id = ANY($1)", new[] { Guid.Parse(acknowledged.Message.Id), Guid.Parse(open.Message.Id) });
        await _host.ExecuteAsync("UPDATE orchestration.deliveries SET ended_at = now() - interval '1 year' WHERE ended_at IS NOT NULL AND message_id = $1", Guid.Parse(acknowledged.Message.Id));

        await Until.TrueAsync(async () => await CountAsync(acknowledged.Message.Id) == 0, () => "the message to be forgotten");

        (await CountAsync(open.Message.Id)).ShouldBe(1);
        (await ReceiveAsync(_agent)).ShouldHaveSingleItem().Seq.ShouldBe(2);
    }

    private async Task<long> CountAsync(string message)
    {
        await using var command = _host.Engine.CreateCommand("SELECT count(*) FROM orchestration.messages WHERE id = $1");
        command.Parameters.Add(new() { Value = Guid.Parse(message) });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>As if the time of its lease, and of the pause after it, were over.</summary>
    private async Task LapseAsync(Delivery delivery)
    {
        await _host.ExecuteAsync("UPDATE orchestration.deliveries SET leased_until = now() - interval '1 second' WHERE id = $1", Guid.Parse(delivery.Id));
        await _host.ExecuteAsync("UPDATE orchestration.lanes SET ready_at = now() WHERE receiver = $1 AND sender = $2", delivery.Receiver, delivery.Message.Sender);
    }

    private async Task<SendResponse> SendAsync(string to, string payload, Action<SendRequest>? change = null)
    {
        var request = new SendRequest { To = to, Payload = payload, Performative = Performative.Inform };
        change?.Invoke(request);
        return await _messages.SendAsync(request);
    }

    private async Task<IList<Delivery>> ReceiveAsync(string agent, int limit = 1, int wait = 0) => (await _messages.ReceiveAsync(
        new ReceiveRequest { Receiver = $"agent:{agent}", Limit = limit, Wait = Duration.FromTimeSpan(TimeSpan.FromSeconds(wait)), Lease = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)) })).Deliveries;

    private async Task<List<Delivery>> ReceiveAllAsync(string agent)
    {
        var all = new List<Delivery>();
        while (await ReceiveAsync(agent, 100) is { Count: > 0 } some)
        {
            foreach (var delivery in some)
            {
                all.Add(delivery);
                await AcknowledgeAsync(delivery);
            }
        }

        return all;
    }

    private async Task<AcknowledgeResponse> AcknowledgeAsync(Delivery delivery) =>
        await _messages.AcknowledgeAsync(new AcknowledgeRequest { DeliveryId = delivery.Id, LeaseId = delivery.LeaseId });

    private async Task<List<DeadLetter>> DeadAsync(string? receiver = null) =>
        [.. (await _messages.ListDeadLettersAsync(new ListDeadLettersRequest { Receiver = receiver ?? $"agent:{_agent}" })).DeadLetters];

    private async Task<List<Run>> RunsAsync() => [.. (await _host.Runs.ListRunsAsync(new ListRunsRequest { Agent = _agent, PageSize = 200 })).Runs];

    private static async Task<FaultDetails> DetailsAsync<T>(Task<T> call) => FaultDetails.From(await Should.ThrowAsync<RpcException>(call));
}
