using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data.Notifications;
using Minion.Testing.Database;
using Npgsql;

namespace Minion.Data.Tests.Notifications;

public sealed class DatabaseNotificationsTests(DatabaseNotificationsTests.Fixture fixture) : IClassFixture<DatabaseNotificationsTests.Fixture>
{
    private readonly DatabaseNotifications _notifications = fixture.Database.Services.GetRequiredService<DatabaseNotifications>();

    [Fact]
    public async Task A_subscriber_gets_what_is_published_on_its_channel_only()
    {
        var heard = new ConcurrentQueue<string>();
        using var one = await SubscribeAsync("Channel \"one\"", heard.Enqueue);
        using var two = await SubscribeAsync("two", p => heard.Enqueue($"two: {p}"));

        _notifications.Publish("Channel \"one\"", "first");
        _notifications.Publish("nobody", "lost");
        _notifications.Publish("two");
        await Eventually.HoldsAsync(() => heard.Count == 2, "both arrive");
        heard.ShouldBe(["first", "two: "], ignoreOrder: true);
    }

    [Fact]
    public async Task Equal_notifications_in_a_burst_become_few()
    {
        var heard = 0;
        using var subscription = await SubscribeAsync("burst", p => Interlocked.Add(ref heard, p == "end" ? 10_000 : 1));
        for (var i = 0; i < 1_000; i++)
        {
            _notifications.Publish("burst", "same");
        }

        _notifications.Publish("burst", "end");
        await Eventually.HoldsAsync(() => heard >= 10_001, "they arrive");
        (heard - 10_000).ShouldBeLessThan(200);
    }

    [Fact]
    public async Task A_subscription_that_ended_hears_nothing_more_and_the_others_go_on()
    {
        var ended = 0;
        var other = 0;
        using var stays = await SubscribeAsync("ending", _ => other++);
        (await SubscribeAsync("ending", _ => ended++)).Dispose();

        _notifications.Publish("ending");
        await Eventually.HoldsAsync(() => other == 1, "the other one hears");
        ended.ShouldBe(0);
    }

    [Fact]
    public async Task A_handler_that_throws_harms_no_other()
    {
        var heard = 0;
        using var bad = await SubscribeAsync("throwing", _ => throw new InvalidOperationException("on purpose"));
        using var good = await SubscribeAsync("throwing", _ => heard++);
        _notifications.Publish("throwing");
        await Eventually.HoldsAsync(() => heard == 1, "the good one hears");
    }

    [Fact]
    public async Task After_its_connections_were_cut_it_listens_again_says_so_and_delivers()
    {
        await using var own = await TestDatabase.CreateEmptyAsync();
        var notifications = own.Services.GetRequiredService<DatabaseNotifications>();
        var begun = 0;
        var heard = new ConcurrentQueue<string>();
        using var subscription = notifications.Subscribe("cut", heard.Enqueue, () => Interlocked.Increment(ref begun));
        await Eventually.HoldsAsync(() => begun == 1, "listening has begun");
        notifications.Publish("cut", "before");
        await Eventually.HoldsAsync(() => heard.Contains("before"), "it delivers");

        await CutAsync(own);
        await Eventually.HoldsAsync(() => begun == 2, "listening has begun again");
        notifications.Publish("cut", "after");
        await Eventually.HoldsAsync(() => heard.Contains("after"), "it delivers again");
    }

    [Fact]
    public void Names_and_payloads_that_PostgreSQL_would_refuse_are_refused_at_once()
    {
        Should.Throw<ArgumentException>(() => _notifications.Publish("", "x"));
        Should.Throw<ArgumentException>(() => _notifications.Publish(new string('c', 64)));
        Should.Throw<ArgumentException>(() => _notifications.Publish("c", new string('p', 8_000)));
        Should.Throw<ArgumentException>(() => _notifications.Subscribe("", _ => { }));
    }

    private static async Task CutAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        (await connection.ExecuteScalarAsync<int>(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"))
            .ShouldBe(2);
    }

    private async Task<IDisposable> SubscribeAsync(string channel, Action<string> handler)
    {
        var listening = false;
        var subscription = _notifications.Subscribe(channel, handler, () => listening = true);
        await Eventually.HoldsAsync(() => listening, "listening has begun");
        return subscription;
    }

    public sealed class Fixture : DatabaseFixture;
}
