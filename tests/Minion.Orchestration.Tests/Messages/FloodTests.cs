using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Minion.Orchestration.Messages;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Messages;

/// <summary>Many messages, and receivers that die with messages in their hands.</summary>
public sealed class FloodTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>
{
    private const int Messages = 2000;
    private const string Script = """{ "otherwise": "-" }""";

    [Fact]
    public async Task Each_message_arrives_at_least_once_in_the_order_of_its_sender_while_receivers_crash()
    {
        await using var host = await EngineHost.StartAsync(fixture.Database, new Dictionary<string, string?>
        {
            ["Messages:Backoff"] = "00:00:00.001",
            ["Messages:LongestBackoff"] = "00:00:00.005",
            ["Messages:MaxAttempts"] = "100",
        });
        string[] senders = [await host.AgentAsync(Script), await host.AgentAsync(Script), await host.AgentAsync(Script), await host.AgentAsync(Script)];
        string[] receivers = [await host.AgentAsync(Script), await host.AgentAsync(Script), await host.AgentAsync(Script)];
        var messenger = host.Services.GetRequiredService<Messenger>();
        var mailboxes = host.Services.GetRequiredService<Mailboxes>();
        var acknowledged = new ConcurrentQueue<(string Receiver, string Sender, int Number)>();
        var crashes = 0;

        var sending = senders.Select((sender, s) => Task.Run(async () =>
        {
            for (var number = s; number < Messages; number += senders.Length)
            {
                var to = new Address(AddressKind.Agent, receivers[number / senders.Length % receivers.Length]);
                await messenger.SendAsync("default", new Outgoing($"agent:{sender}", to, "inform", $"{number}", $"{number}", [], "", null, null, null), CancellationToken.None);
            }
        })).ToList();
        var receiving = receivers.SelectMany(r => new[] { r, r }).Select((receiver, i) => Task.Run(async () =>
        {
            var random = new Random(i);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            while (acknowledged.Count < Messages)
            {
                // A receiver that crashes leaves its lease to lapse; so it is a short one.
                var crashing = random.Next(25) == 0;
                var lease = crashing ? TimeSpan.FromMilliseconds(5) : TimeSpan.FromMinutes(1);
                foreach (var delivery in await mailboxes.ReceiveAsync("default", $"agent:{receiver}", 4, lease, patience.Token))
                {
                    if (crashing)
                    {
                        Interlocked.Increment(ref crashes);
                        continue;
                    }

                    // Before the acknowledgement: after it, the next one may be noted by the other receiver first.
                    acknowledged.Enqueue((delivery.Receiver, delivery.Message.Sender, int.Parse(delivery.Message.Payload)));
                    await mailboxes.AcknowledgeAsync("default", delivery.Id, delivery.LeaseId, patience.Token);
                }
            }
        })).ToList();
        await Task.WhenAll([.. sending, .. receiving]);

        crashes.ShouldBeGreaterThan(0);
        acknowledged.Select(a => a.Number).Order().ShouldBe(Enumerable.Range(0, Messages));
        foreach (var lane in acknowledged.GroupBy(a => (a.Receiver, a.Sender)))
        {
            lane.Select(a => a.Number).ShouldBeInOrder();
        }
    }
}
