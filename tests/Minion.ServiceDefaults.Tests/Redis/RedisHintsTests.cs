using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults.Redis;
using Minion.Testing.Redis;

namespace Minion.ServiceDefaults.Tests.Redis;

public sealed class RedisHintsTests
{
    [Fact]
    public async Task A_hint_reaches_who_subscribed_to_exactly_its_channel()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sender = await Peer.StartAsync(redis);
        await using var receiver = await Peer.StartAsync(redis);
        using var star = receiver.Listen("a:*");
        using var exact = receiver.Listen("a:b");
        await Eventually.HoldsAsync(() => receiver.Listening == 2);

        (await sender.Hints.PublishAsync([("a:b", "1"u8.ToArray()), ("a:*", "2"u8.ToArray())], CancellationToken.None)).ShouldBeTrue();

        await Eventually.HoldsAsync(() => receiver.Heard.Count >= 2);
        receiver.Heard.ShouldBe(["a:b 1", "a:* 2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_kill_is_reported_and_a_return_is_taken_up_again()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var peer = await Peer.StartAsync(redis);
        using var subscription = peer.Listen("news");
        await Eventually.HoldsAsync(() => peer.Listening == 1);
        (await peer.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);

        await redis.KillAsync();
        await Eventually.HoldsAsync(() => !peer.Hints.IsUp);
        (await peer.Hints.PublishAsync([("news", "lost"u8.ToArray())], CancellationToken.None)).ShouldBeFalse();
        await Eventually.HoldsAsync(async () => (await peer.HealthAsync()).Status == HealthStatus.Degraded);
        var health = await peer.HealthAsync();
        health.Entries["redis"].Data.Keys.ShouldContain("since");
        await Eventually.HoldsAsync(() => peer.Log.Lines.Any(line => line.Contains("Redis does not answer", StringComparison.Ordinal)));

        await redis.StartAgainAsync();
        await Eventually.HoldsAsync(() => peer.Listening == 2);
        (await peer.Hints.PublishAsync([("news", "again"u8.ToArray())], CancellationToken.None)).ShouldBeTrue();
        await Eventually.HoldsAsync(() => !peer.Heard.IsEmpty);
        peer.Heard.ShouldBe(["news again"]);
        await Eventually.HoldsAsync(async () => (await peer.HealthAsync()).Status == HealthStatus.Healthy);
        await Eventually.HoldsAsync(() => peer.Log.Lines.Any(line => line.Contains("Redis answers again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_Redis_that_hangs_is_given_up_in_time()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var peer = await Peer.StartAsync(redis, timeout: "00:00:00.100");
        redis.Pause();
        try
        {
            (await peer.Hints.PublishAsync([("news", "x"u8.ToArray())], CancellationToken.None).WaitAsync(Eventually.Patience)).ShouldBeFalse();
            await Eventually.HoldsAsync(() => !peer.Hints.IsUp);
        }
        finally
        {
            redis.Resume();
        }

        await Eventually.HoldsAsync(() => peer.Hints.IsUp);
    }

    [Fact]
    public async Task A_process_starts_without_its_Redis_and_takes_it_up_when_it_comes()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        await using var peer = await Peer.StartAsync(redis, waits: false);
        using var subscription = peer.Listen("news");
        await Eventually.HoldsAsync(() => peer.Log.Lines.Any(line => line.Contains("Redis does not answer", StringComparison.Ordinal)));

        await redis.StartAgainAsync();

        await Eventually.HoldsAsync(() => peer.Listening == 1);
        (await peer.Hints.PublishAsync([("news", "here"u8.ToArray())], CancellationToken.None)).ShouldBeTrue();
        await Eventually.HoldsAsync(() => peer.Heard.Contains("news here"));
    }

    [Fact]
    public async Task Without_a_Redis_nothing_is_sent_and_nothing_is_said_of_it()
    {
        await using var peer = await Peer.StartAsync(redis: null, waits: false);
        peer.Hints.IsConfigured.ShouldBeFalse();
        using var subscription = peer.Listen("news");
        (await peer.Hints.PublishAsync([("news", "x"u8.ToArray())], CancellationToken.None)).ShouldBeFalse();
        (await peer.HealthAsync()).Entries.Keys.ShouldNotContain("redis");
    }

    private sealed class Peer : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private int _listening;

        private Peer(WebApplication app) => _app = app;

        public ConcurrentQueue<string> Heard { get; } = new();

        public int Listening => Volatile.Read(ref _listening);

        public RedisHints Hints => _app.Services.GetRequiredService<RedisHints>();

        public LogRecorder Log => _app.Services.GetRequiredService<LogRecorder>();

        public static async Task<Peer> StartAsync(RedisServer? redis, string timeout = "00:00:30", bool waits = true)
        {
            var builder = WebApplication.CreateBuilder();
            builder.Configuration.AddInMemoryCollection(redis?.Settings ?? []);
            builder.Configuration["Redis:Timeout"] = timeout;
            builder.Configuration["urls"] = "http://127.0.0.1:0";
            builder.AddServiceDefaults("peer");
            builder.Services.AddSingleton<LogRecorder>();
            builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogRecorder>());
            builder.AddRedisHints();
            var peer = new Peer(builder.Build());
            await peer._app.StartAsync();
            if (waits)
            {
                await Eventually.HoldsAsync(() => peer.Hints.IsUp);
            }

            return peer;
        }

        public IDisposable Listen(string channel) => Hints.Subscribe(
            channel, payload => Heard.Enqueue($"{channel} {Encoding.UTF8.GetString(payload)}"), () => Interlocked.Increment(ref _listening));

        public Task<HealthReport> HealthAsync() => _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }
}
