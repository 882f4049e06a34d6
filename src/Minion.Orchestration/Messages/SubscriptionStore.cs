using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Messages;

/// <summary>Whose run a message starts, and with what input.</summary>
internal sealed record StartingSubscription(Caller Owner, string Input);

/// <summary>Who gets what.</summary>
internal sealed class SubscriptionStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, Receivers receivers)
{
    private const int MostListed = 1000;

    /// <summary>Subscribes, or changes the subscription; what it starts from then on is the caller's.</summary>
    public async Task<Subscription> SubscribeAsync(Caller caller, SubscribeRequest request, Address subscriber, CancellationToken cancellation)
    {
        const string upsert =
            """
            INSERT INTO orchestration.subscriptions (tenant, topic, subscriber, starts_run, input, principal, permissions)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (tenant, topic, subscriber) DO UPDATE
            SET starts_run = excluded.starts_run, input = excluded.input, principal = excluded.principal, permissions = excluded.permissions
            RETURNING topic, subscriber, starts_run, input, created_at
            """;
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, cancellation);
        await receivers.CheckAsync(transaction, subscriber, cancellation);
        var subscribed = await transaction.QueryAsync(
            upsert,
            [caller.Tenant, request.Topic, subscriber.ToString(), request.StartsRun, request.Input, caller.Principal, caller.Permissions.ToArray()],
            Read,
            cancellation);
        await transaction.CommitAsync(cancellation);
        return subscribed[0];
    }

    public async Task UnsubscribeAsync(string tenant, string topic, string subscriber, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        await transaction.ExecuteAsync(
            "DELETE FROM orchestration.subscriptions WHERE tenant = $1 AND topic = $2 AND subscriber = $3", [tenant, topic, subscriber], cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public Task<List<Subscription>> ListAsync(string tenant, string topic, string subscriber, CancellationToken cancellation) => database.QueryAsync(
        tenant,
        """
        SELECT topic, subscriber, starts_run, input, created_at FROM orchestration.subscriptions
        WHERE tenant = $1 AND ($2 = '' OR topic = $2) AND ($3 = '' OR subscriber = $3)
        ORDER BY topic, subscriber
        LIMIT $4
        """,
        [tenant, topic, subscriber, MostListed],
        Read,
        cancellation);

    /// <summary>The subscription by which messages to the topic (none: to the agent itself) start runs of the agent; null when there is none any more.</summary>
    public async Task<StartingSubscription?> FindStartingAsync(string tenant, string topic, string agent, CancellationToken cancellation)
    {
        var found = await database.QueryAsync(
            tenant,
            """
            SELECT principal, permissions, input FROM orchestration.subscriptions
            WHERE tenant = $1 AND topic = $2 AND subscriber = $3 AND starts_run
            """,
            [tenant, topic, $"agent:{agent}"],
            row => new StartingSubscription(new Caller(tenant, row.GetString(0), row.GetFieldValue<string[]>(1)), row.GetString(2)),
            cancellation);
        return found is [var one] ? one : null;
    }

    private static Subscription Read(NpgsqlDataReader row) => new()
    {
        Topic = row.GetString(0),
        Subscriber = row.GetString(1),
        StartsRun = row.GetBoolean(2),
        Input = row.GetString(3),
        CreatedAt = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(4)),
    };
}
