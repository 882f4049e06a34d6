namespace Minion.Orchestration.Messages;

/// <summary>Sends messages, and wakes who receives them.</summary>
internal sealed class Messenger(SendStore store, MessageWakeUps wakeUps)
{
    /// <exception cref="Contracts.Faults.Fault">There is no such receiver, or the key was used for another message.</exception>
    public async Task<Sent> SendAsync(string tenant, Outgoing message, CancellationToken cancellation)
    {
        var sent = await store.SendAsync(tenant, message, cancellation);
        foreach (var mailbox in sent.Receivers)
        {
            wakeUps.Wake(tenant, mailbox);
        }

        return sent;
    }
}
