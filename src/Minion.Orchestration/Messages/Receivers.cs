using Minion.Contracts.Faults;
using Minion.Data;

namespace Minion.Orchestration.Messages;

/// <summary>Finds the mailboxes that a message goes to.</summary>
internal sealed class Receivers
{
    /// <summary>The mailboxes; none for a topic that nobody who is still there subscribes to.</summary>
    /// <exception cref="Fault">There is no such agent, run or session, or it has ended.</exception>
    public async Task<IReadOnlyList<string>> ResolveAsync(TenantTransaction transaction, Address to, CancellationToken cancellation) => to.Kind switch
    {
        AddressKind.Topic => await SubscribersAsync(transaction, to.Name, cancellation),
        AddressKind.Agent => [await AgentAsync(transaction, to, cancellation)],
        _ => [await OpenAsync(transaction, to, cancellation)],
    };

    /// <summary>Checks that somebody of that address is there to receive.</summary>
    /// <exception cref="Fault">There is not.</exception>
    public Task CheckAsync(TenantTransaction transaction, Address address, CancellationToken cancellation) =>
        address.Kind == AddressKind.Agent ? AgentAsync(transaction, address, cancellation) : OpenAsync(transaction, address, cancellation);

    private static Task<List<string>> SubscribersAsync(TenantTransaction transaction, string topic, CancellationToken cancellation) => transaction.QueryAsync(
        """
        SELECT CASE WHEN s.starts_run THEN 'starts:' || substr(s.subscriber, 7) ELSE s.subscriber END
        FROM orchestration.subscriptions s
        WHERE s.tenant = $1 AND s.topic = $2 AND CASE split_part(s.subscriber, ':', 1)
          WHEN 'agent' THEN EXISTS (
            SELECT FROM orchestration.agents a WHERE a.tenant = $1 AND a.name = substr(s.subscriber, 7) AND a.deleted_at IS NULL AND a.status <> 'archived')
          WHEN 'run' THEN EXISTS (
            SELECT FROM orchestration.runs r WHERE r.tenant = $1 AND r.id = substr(s.subscriber, 5)::uuid AND r.status IN ('ready', 'running', 'waiting'))
          ELSE EXISTS (SELECT FROM orchestration.sessions c WHERE c.tenant = $1 AND c.id = substr(s.subscriber, 9)::uuid AND c.status = 'active')
        END
        """,
        [transaction.Tenant, topic],
        row => row.GetString(0),
        cancellation);

    private static async Task<string> AgentAsync(TenantTransaction transaction, Address to, CancellationToken cancellation)
    {
        var found = await transaction.QueryAsync(
            """
            SELECT a.status, EXISTS (SELECT FROM orchestration.subscriptions s WHERE s.tenant = $1 AND s.topic = '' AND s.subscriber = $3 AND s.starts_run)
            FROM orchestration.agents a
            WHERE a.tenant = $1 AND a.name = $2 AND a.deleted_at IS NULL
            """,
            [transaction.Tenant, to.Name, to.ToString()],
            row => (Status: row.GetString(0), Starts: row.GetBoolean(1)),
            cancellation);
        return found switch
        {
            [] => throw MessageFaults.NotFound(to),
            [{ Status: "archived" }] => throw MessageFaults.Ended(to, "archived"),
            [{ Starts: true }] => Address.Starts + to.Name,
            _ => to.ToString(),
        };
    }

    private static async Task<string> OpenAsync(TenantTransaction transaction, Address to, CancellationToken cancellation)
    {
        var query = to.Kind == AddressKind.Run
            ? "SELECT status, status IN ('ready', 'running', 'waiting') FROM orchestration.runs WHERE tenant = $1 AND id = $2"
            : "SELECT status, status = 'active' FROM orchestration.sessions WHERE tenant = $1 AND id = $2";
        var found = await transaction.QueryAsync(query, [transaction.Tenant, to.Id], row => (Status: row.GetString(0), IsOpen: row.GetBoolean(1)), cancellation);
        return found switch
        {
            [] => throw MessageFaults.NotFound(to),
            [{ IsOpen: false, Status: var status }] => throw MessageFaults.Ended(to, status),
            _ => to.ToString(),
        };
    }
}
