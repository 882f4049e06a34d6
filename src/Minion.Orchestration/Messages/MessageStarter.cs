using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Runs;
using Npgsql;

namespace Minion.Orchestration.Messages;

/// <summary>
/// Starts runs of agents whose subscriptions say so. Each process may; a message is leased to one of them, and the delivery's id is the request's, so that a
/// process that dies between the start and the acknowledgement leads to no second run.
/// </summary>
internal sealed class MessageStarter(
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine,
    Mailboxes mailboxes,
    SubscriptionStore subscriptions,
    UnattendedStart start,
    MessageWakeUps wakeUps,
    ILogger<MessageStarter> log) : BackgroundService
{
    private const int Batch = 20;

    // A start takes milliseconds, and one that is made twice is the same run: what a dead process held need not wait long.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var woken = wakeUps.Woken(MessageWakeUps.AnyStart);
                try
                {
                    while (await StartReadyAsync(stoppingToken))
                    {
                        // As long as there is something.
                    }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    log.MessagesDelayed(e.Message);
                }

                await wakeUps.WaitAsync(woken, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>Whether anything was found.</summary>
    public async Task<bool> StartReadyAsync(CancellationToken cancellation)
    {
        var any = false;
        foreach (var (tenant, mailbox) in await ReadyAsync(cancellation))
        {
            foreach (var delivery in await mailboxes.ReceiveAsync(tenant, mailbox, Batch, Lease, cancellation))
            {
                any = true;
                await StartAsync(tenant, delivery, cancellation);
            }
        }

        return any;
    }

    private async Task StartAsync(string tenant, DeliveryRecord delivery, CancellationToken cancellation)
    {
        var agent = delivery.Receiver[Address.Starts.Length..];
        var message = delivery.Message;
        if (await subscriptions.FindStartingAsync(tenant, message.Topic, agent, cancellation) is not { } subscription)
        {
            await mailboxes.RejectAsync(tenant, delivery.Id, delivery.LeaseId, dead: true, "The subscription that starts a run is gone.", cancellation);
            return;
        }

        var outcome = await start.StartAsync(
            subscription.Owner,
            new StartRunRequest { Agent = agent, Input = StartInput.Of(subscription.Input, message), RequestId = $"message/{delivery.Id}", Tainted = message.Tainted },
            cancellation);
        await (outcome.Run is null
            ? mailboxes.RejectAsync(tenant, delivery.Id, delivery.LeaseId, dead: !outcome.MayPass, outcome.Refusal, cancellation)
            : mailboxes.AcknowledgeAsync(tenant, delivery.Id, delivery.LeaseId, cancellation));
    }

    private async Task<List<(string Tenant, string Mailbox)>> ReadyAsync(CancellationToken cancellation)
    {
        await using var command = engine.CreateCommand(
            """
            SELECT DISTINCT tenant, receiver FROM (
              SELECT tenant, receiver FROM orchestration.lanes WHERE ready_at <= now() AND receiver LIKE 'starts:%' ORDER BY ready_at LIMIT 100
            ) ready
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAllAsync(row => (row.GetString(0), row.GetString(1)), cancellation);
    }
}
