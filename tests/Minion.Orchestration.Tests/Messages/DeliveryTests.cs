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

/// <summary>What becomes of messages that are taken, not taken, or start runs.</summary>
public sealed class DeliveryTests(EngineDatabase fixture) : MessageTesting(fixture)
{
    [Fact]
    public async Task What_is_not_acknowledged_comes_again_under_another_lease_and_dies_in_the_end()
    {
        await SendAsync($"agent:{Agent}", "1");
        await SendAsync($"agent:{Agent}", "2");
        var leases = new List<Delivery>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var delivery = (await ReceiveAsync(Agent, wait: 30)).ShouldHaveSingleItem();
            (delivery.Message.Payload, delivery.Attempt).ShouldBe(("1", attempt));
            leases.Add(delivery);
            await LapseAsync(delivery);
        }

        var next = (await ReceiveAsync(Agent, wait: 30)).ShouldHaveSingleItem();
        next.Message.Payload.ShouldBe("2");
        leases.Select(l => l.LeaseId).ShouldBeUnique();
        (await DetailsAsync(AcknowledgeAsync(leases[0]))).Reason.ShouldBe("LEASE_LOST");
        var dead = (await DeadAsync()).ShouldHaveSingleItem();
        (dead.Reason, dead.Attempts, dead.Message.Payload).ShouldBe(("attempts", 3, "1"));
    }

    [Fact]
    public async Task A_late_acknowledgement_counts_as_long_as_nobody_else_has_the_message()
    {
        await SendAsync($"agent:{Agent}", "1");
        var delivery = (await ReceiveAsync(Agent)).ShouldHaveSingleItem();
        await LapseAsync(delivery);

        await AcknowledgeAsync(delivery);

        (await ReceiveAsync(Agent)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rejected_message_comes_again_or_becomes_a_dead_letter_that_can_be_replayed()
    {
        await SendAsync($"agent:{Agent}", "\"x\"");
        var first = (await ReceiveAsync(Agent)).ShouldHaveSingleItem();
        await Messages.RejectAsync(new RejectRequest { DeliveryId = first.Id, LeaseId = first.LeaseId, Reason = "busy" });
        var second = (await ReceiveAsync(Agent, wait: 30)).ShouldHaveSingleItem();
        second.Attempt.ShouldBe(2);
        await Messages.RejectAsync(new RejectRequest { DeliveryId = second.Id, LeaseId = second.LeaseId, Dead = true, Reason = "nonsense" });

        var dead = (await DeadAsync()).ShouldHaveSingleItem();
        (dead.Reason, dead.Detail).ShouldBe(("rejected", "nonsense"));
        (await Messages.GetDeadLetterAsync(new GetDeadLetterRequest { Id = dead.Id })).DeadLetter.Message.Payload.ShouldBe("\"x\"");
        await SendAsync($"agent:{Agent}", "\"later\"");
        (await Messages.ReplayDeadLetterAsync(new ReplayDeadLetterRequest { Id = dead.Id })).Receivers.ShouldBe(1);
        (await ReceiveAllAsync(Agent)).Select(d => (d.Message.Payload, d.Attempt)).ShouldBe([("\"later\"", 1), ("\"x\"", 1)]);
        (await DetailsAsync(Messages.ReplayDeadLetterAsync(new ReplayDeadLetterRequest { Id = dead.Id }).ResponseAsync)).Reason.ShouldBe("DEAD_LETTER_NOT_FOUND");
    }

    [Fact]
    public async Task What_expires_is_a_dead_letter_also_when_nobody_receives()
    {
        await SendAsync($"agent:{Agent}", "1", r => r.TimeToLive = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)));
        await SendAsync($"agent:{Agent}", "2");

        await Eventually.HoldsAsync(async () => (await DeadAsync()).Count == 1, "the message to expire");

        (await DeadAsync())[0].Reason.ShouldBe("expired");
        (await ReceiveAsync(Agent)).ShouldHaveSingleItem().Message.Payload.ShouldBe("2");
        var dead = (await DeadAsync())[0];
        await Messages.DeleteDeadLetterAsync(new DeleteDeadLetterRequest { Id = dead.Id });
        (await DeadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_starts_one_run_with_itself_as_the_input()
    {
        await using var other = await StartAsync();
        await Messages.SubscribeAsync(new SubscribeRequest { Subscriber = $"agent:{Agent}", StartsRun = true });
        await Messages.SubscribeAsync(new SubscribeRequest { Subscriber = $"agent:{Agent}", Topic = "orders", StartsRun = true, Input = "{{performative}} on {{topic}}: {{payload}}" });
        for (var i = 0; i < 10; i++)
        {
            await SendAsync($"agent:{Agent}", $"{{\"n\":{i}}}");
            await SendAsync("topic:orders", $"{i}");
        }

        await Eventually.HoldsAsync(async () => (await RunsAsync()).Count(r => r.Status == RunStatus.Completed) >= 20, "twenty runs");

        var runs = await RunsAsync();
        runs.Count.ShouldBe(20);
        runs.Count(r => r.Output.StartsWith("inform on orders: ", StringComparison.Ordinal)).ShouldBe(10);
        runs.Count(r => r.Input.Contains("from: ", StringComparison.Ordinal) && r.Input.Contains("\"n\"", StringComparison.Ordinal)).ShouldBe(10);
        runs.Select(r => r.RequestId).ShouldBeUnique();
    }

    [Fact]
    public async Task A_run_that_was_started_before_a_crash_is_not_started_again()
    {
        await Messages.SubscribeAsync(new SubscribeRequest { Subscriber = $"agent:{Agent}", StartsRun = true });
        await SendAsync($"agent:{Agent}", "1");
        await Eventually.HoldsAsync(async () => (await RunsAsync()).Count == 1, "the run");

        // As a process leaves it that dies between the run's acceptance and the acknowledgement.
        await Host.ExecuteAsync("UPDATE orchestration.deliveries SET status = 'pending', ended_at = NULL WHERE receiver = $1", $"starts:{Agent}");
        await Host.ExecuteAsync("UPDATE orchestration.lanes SET ready_at = now() WHERE receiver = $1", $"starts:{Agent}");
        await SendAsync($"agent:{Agent}", "2");

        await Eventually.HoldsAsync(async () => (await RunsAsync()).Count == 2, "the second run");
        (await DeadAsync($"starts:{Agent}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_start_is_a_dead_letter_with_the_reason()
    {
        await Messages.SubscribeAsync(new SubscribeRequest { Subscriber = $"agent:{Agent}", StartsRun = true });
        await Host.Agents.ChangeAgentStatusAsync(new ChangeAgentStatusRequest { Name = Agent, Status = AgentStatus.Inactive });
        await SendAsync($"agent:{Agent}", "1");

        await Eventually.HoldsAsync(async () => (await DeadAsync($"starts:{Agent}")).Count == 1, "the dead letter");

        (await DeadAsync($"starts:{Agent}"))[0].Detail.ShouldContain("inactive");
    }

    [Fact]
    public async Task What_a_receiver_that_ended_has_not_taken_is_buried()
    {
        var tool = new GatedTool("gated", Contracts.Tools.V1.Effect.ReadOnly);
        await using var host = await StartAsync(tool);
        var agent = await host.AgentAsync("""{ "rules": [ { "match": "go", "calls": [ { "tool": "gated" } ], "say": "done" } ] }""", ["gated"]);
        var run = await host.StartAsync(agent, "go");
        await SendAsync($"run:{run.Id}", "1");
        tool.Open();
        await host.UntilAsync(run.Id, RunStatus.Completed);

        await Eventually.HoldsAsync(async () => (await DeadAsync($"run:{run.Id}")).Count == 1, "the dead letter");

        (await DeadAsync($"run:{run.Id}"))[0].Reason.ShouldBe("receiver_ended");
    }

    [Fact]
    public async Task What_is_over_is_forgotten_after_its_retention_and_what_is_open_stays()
    {
        var acknowledged = await SendAsync($"agent:{Agent}", "1");
        await AcknowledgeAsync((await ReceiveAsync(Agent)).ShouldHaveSingleItem());
        var open = await SendAsync($"agent:{Agent}", "2");
        await Host.ExecuteAsync("UPDATE orchestration.messages SET sent_at = now() - interval '1 year' WHERE id = ANY($1)", new[] { Guid.Parse(acknowledged.Message.Id), Guid.Parse(open.Message.Id) });
        await Host.ExecuteAsync("UPDATE orchestration.deliveries SET ended_at = now() - interval '1 year' WHERE ended_at IS NOT NULL AND message_id = $1", Guid.Parse(acknowledged.Message.Id));

        await Eventually.HoldsAsync(async () => await CountAsync(acknowledged.Message.Id) == 0, "the message to be forgotten");

        (await CountAsync(open.Message.Id)).ShouldBe(1);
        (await ReceiveAsync(Agent)).ShouldHaveSingleItem().Seq.ShouldBe(2);
    }
}
