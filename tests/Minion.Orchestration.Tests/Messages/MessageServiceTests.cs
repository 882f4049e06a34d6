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

/// <summary>Sending and receiving.</summary>
public sealed class MessageServiceTests(EngineDatabase fixture) : MessageTesting(fixture)
{
    [Fact]
    public async Task A_message_is_received_acknowledged_and_gone()
    {
        var sent = await SendAsync($"agent:{Agent}", "{\"task\":\"sum\"}", r => (r.FromAgent, r.Performative) = (Other, Performative.Request));
        var delivery = (await ReceiveAsync(Agent)).ShouldHaveSingleItem();

        delivery.Message.Id.ShouldBe(sent.Message.Id);
        delivery.Message.Sender.ShouldBe($"agent:{Other}");
        delivery.Message.Performative.ShouldBe(Performative.Request);
        delivery.Message.ConversationId.ShouldBe(sent.Message.Id);
        JsonNode.Parse(delivery.Message.Payload)!["task"]!.GetValue<string>().ShouldBe("sum");
        (delivery.Seq, delivery.Attempt).ShouldBe((1, 1));
        (await ReceiveAsync(Agent)).ShouldBeEmpty("it is leased");
        await AcknowledgeAsync(delivery);
        await AcknowledgeAsync(delivery);
        (await ReceiveAsync(Agent)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_performative_travels_and_an_answer_stays_in_the_conversation()
    {
        var all = System.Enum.GetValues<Performative>().Where(p => p != Performative.Unspecified).ToList();
        all.Count.ShouldBeGreaterThanOrEqualTo(18);
        Performatives.Names.ShouldContain("call-for-proposals");
        Performatives.Names.ShouldContain("not-understood");
        var first = await SendAsync($"agent:{Agent}", "null");
        foreach (var performative in all)
        {
            var reply = await SendAsync($"agent:{Other}", "1", r => (r.Performative, r.InReplyTo, r.FromAgent) = (performative, first.Message.Id, Agent));
            reply.Message.ConversationId.ShouldBe(first.Message.Id);
            var delivery = (await ReceiveAsync(Other)).ShouldHaveSingleItem();
            delivery.Message.Performative.ShouldBe(performative);
            delivery.Message.InReplyTo.ShouldBe(first.Message.Id);
            await AcknowledgeAsync(delivery);
        }
    }

    [Fact]
    public async Task A_repeated_key_sends_once_and_another_message_under_it_is_refused()
    {
        var first = await SendAsync($"agent:{Agent}", "1", r => r.Key = "k");
        var again = await SendAsync($"agent:{Agent}", "1", r => r.Key = "k");

        again.Existed.ShouldBeTrue();
        again.Message.ShouldBe(first.Message);
        (await DetailsAsync(SendAsync($"agent:{Agent}", "2", r => r.Key = "k"))).Reason.ShouldBe("MESSAGE_KEY_REUSED");
        (await SendAsync($"agent:{Agent}", "2", r => (r.Key, r.FromAgent) = ("k", Other))).Existed.ShouldBeFalse("the key is of its sender");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync($"agent:{Other}", "3", r => r.Key = "at once")));
        (await ReceiveAllAsync(Other)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_next_of_a_sender_comes_after_the_one_before_it_and_senders_do_not_wait_for_each_other()
    {
        foreach (var n in new[] { "1", "2" })
        {
            await SendAsync($"agent:{Agent}", n, r => r.FromAgent = Other);
        }

        await SendAsync($"agent:{Agent}", "10", r => r.FromAgent = Agent);

        var both = await ReceiveAsync(Agent, limit: 10);
        both.Select(d => d.Message.Payload).Order().ShouldBe(["1", "10"]);
        await AcknowledgeAsync(both.Single(d => d.Message.Payload == "1"));
        (await ReceiveAsync(Agent, limit: 10)).ShouldHaveSingleItem().Message.Payload.ShouldBe("2");
    }

    [Fact]
    public async Task A_topic_reaches_each_subscriber_and_without_one_the_message_is_a_dead_letter()
    {
        var topic = $"news.{Guid.CreateVersion7():N}";
        (await SendAsync($"topic:{topic}", "0")).Receivers.ShouldBe(0);
        foreach (var agent in new[] { Agent, Other, Agent })
        {
            await Messages.SubscribeAsync(new SubscribeRequest { Topic = topic, Subscriber = $"agent:{agent}" });
        }

        (await SendAsync($"topic:{topic}", "1")).Receivers.ShouldBe(2);
        var dead = (await DeadAsync($"topic:{topic}")).ShouldHaveSingleItem();
        dead.Reason.ShouldBe("no_subscriber");
        (await Messages.ReplayDeadLetterAsync(new ReplayDeadLetterRequest { Id = dead.Id })).Receivers.ShouldBe(2);
        (await ReceiveAllAsync(Agent)).Select(d => d.Message.Payload).ShouldBe(["1", "0"]);
        (await ReceiveAllAsync(Other)).Select(d => d.Message.Payload).ShouldBe(["1", "0"]);
        await Messages.UnsubscribeAsync(new UnsubscribeRequest { Topic = topic, Subscriber = $"agent:{Other}" });
        (await Messages.ListSubscriptionsAsync(new ListSubscriptionsRequest { Topic = topic })).Subscriptions.ShouldHaveSingleItem().Subscriber.ShouldBe($"agent:{Agent}");
        (await SendAsync($"topic:{topic}", "2")).Receivers.ShouldBe(1);
    }

    [Fact]
    public async Task Messages_to_nobody_are_refused_by_name()
    {
        (await DetailsAsync(SendAsync("agent:nobody", "1"))).Reason.ShouldBe("AGENT_NOT_FOUND");
        (await DetailsAsync(SendAsync($"run:{Guid.CreateVersion7()}", "1"))).Reason.ShouldBe("RUN_NOT_FOUND");
        (await DetailsAsync(SendAsync($"session:{Guid.CreateVersion7()}", "1"))).Reason.ShouldBe("SESSION_NOT_FOUND");
        var run = await Host.StartAsync(Agent, "hello");
        await Host.UntilAsync(run.Id, RunStatus.Completed);
        (await DetailsAsync(SendAsync($"run:{run.Id}", "1"))).Reason.ShouldBe("RECEIVER_ENDED");
        (await DetailsAsync(Messages.SubscribeAsync(new SubscribeRequest { Topic = "t", Subscriber = "agent:nobody" }).ResponseAsync)).Reason.ShouldBe("AGENT_NOT_FOUND");
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var details = await DetailsAsync(Messages.SendAsync(new SendRequest
        {
            To = "somewhere",
            Payload = "{",
            FromAgent = "A B",
            Key = new string('k', 201),
            InReplyTo = "x",
            TimeToLive = Duration.FromTimeSpan(TimeSpan.FromDays(1000)),
        }).ResponseAsync);

        details.Fields.Select(f => f.Field).Order().ShouldBe(["from_agent", "in_reply_to", "key", "payload", "performative", "time_to_live", "to"]);
        details = await DetailsAsync(SendAsync($"agent:{Agent}", $"\"{new string('x', 1024 * 1024)}\""));
        details.Fields.ShouldHaveSingleItem().Message.ShouldContain("1 MiB");
        details = await DetailsAsync(SendAsync($"agent:{Agent}", new string('[', 200)));
        details.Fields.ShouldHaveSingleItem().Field.ShouldBe("payload");
        details = await DetailsAsync(Messages.ReceiveAsync(new ReceiveRequest { Receiver = "topic:x", Limit = 101, Wait = Duration.FromTimeSpan(TimeSpan.FromSeconds(61)) }).ResponseAsync);
        details.Fields.Select(f => f.Field).Order().ShouldBe(["limit", "receiver", "wait"]);
    }

    [Fact]
    public async Task Large_messages_of_many_senders_are_handed_out_as_an_answer_can_hold_them()
    {
        var senders = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            senders.Add(await Host.AgentAsync(Echo));
            await SendAsync($"agent:{Agent}", $"\"{new string('x', 1024 * 1024 - 2)}\"", r => r.FromAgent = senders[^1]);
        }

        var seen = new HashSet<string>();
        while (seen.Count < 5)
        {
            foreach (var delivery in await ReceiveAsync(Agent, limit: 100))
            {
                seen.Add(delivery.Message.Sender).ShouldBeTrue();
                delivery.Attempt.ShouldBe(1);
            }
        }
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_a_message_that_another_process_took()
    {
        await using var other = await StartAsync();
        var waiting = new MessageClient(other.Channel).ReceiveAsync(
            new ReceiveRequest { Receiver = $"agent:{Agent}", Wait = Duration.FromTimeSpan(TimeSpan.FromSeconds(60)) }).ResponseAsync;

        await SendAsync($"agent:{Agent}", "1");

        (await waiting).Deliveries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Other_tenants_see_and_touch_nothing()
    {
        await SendAsync($"agent:{Agent}", "1");
        var delivery = (await ReceiveAsync(Agent)).ShouldHaveSingleItem();
        var headers = Host.Services.GetRequiredService<CallerSigner>().Headers(new Caller("other", "user:eve", ["*"]), "orchestration");

        (await DetailsAsync(Messages.AcknowledgeAsync(new AcknowledgeRequest { DeliveryId = delivery.Id, LeaseId = delivery.LeaseId }, headers).ResponseAsync)).Reason.ShouldBe("DELIVERY_NOT_FOUND");
        (await Messages.ListDeadLettersAsync(new ListDeadLettersRequest(), headers)).DeadLetters.ShouldBeEmpty();
        (await DetailsAsync(Messages.SendAsync(new SendRequest { To = $"agent:{Agent}", Performative = Performative.Inform }, headers).ResponseAsync)).Reason.ShouldBe("AGENT_NOT_FOUND");
    }
}
