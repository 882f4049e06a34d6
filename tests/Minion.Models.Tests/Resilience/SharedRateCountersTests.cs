using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Minion.Conformance.Models;
using Minion.Models.Resilience;
using Minion.ServiceDefaults.Telemetry;
using Minion.Testing.Redis;
using StackExchange.Redis;

namespace Minion.Models.Tests.Resilience;

public sealed class SharedRateCountersTests : IAsyncLifetime
{
    private readonly ServiceProvider _host = ModelHost.Start();
    private readonly MeterListener _meters = new();
    private readonly ConcurrentQueue<string> _local = [];
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        var meters = _host.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == TelemetryNames.ModelLocalLimits && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, _, tags, _) => _local.Enqueue((string)tags[0].Value!));
        _meters.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _redis.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Two_processes_let_exactly_the_limit_through_together()
    {
        var (one, other) = (await SharedAsync(), await SharedAsync());

        var verdicts = await InOneMinuteAsync(() =>
        {
            var quota = Calls(40);
            return Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : other).TakeAsync([quota], 0, CancellationToken.None)));
        });

        verdicts.Count(v => v.Refusing is null).ShouldBe(40);
        _local.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tokens_are_settled_for_all()
    {
        var (one, other) = (await SharedAsync(), await SharedAsync());

        var (quota, first, refused, last) = await InOneMinuteAsync(async () =>
        {
            var fresh = new Quota("user", $"user:{Guid.NewGuid()}:tokens", 1_000, IsTokens: true);
            var allowed = await one.TakeAsync([fresh], 900, CancellationToken.None);
            var not = await other.TakeAsync([fresh], 200, CancellationToken.None);
            await one.SettleAsync([fresh], -800);
            return (fresh, allowed, not, await other.TakeAsync([fresh], 850, CancellationToken.None));
        });

        first.Refusing.ShouldBeNull();
        refused.Refusing.ShouldBe(quota);
        refused.Wait.ShouldBeInRange(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(2));
        last.Refusing.ShouldBeNull();
    }

    [Fact]
    public async Task When_redis_is_killed_in_mid_flight_the_limit_goes_on_here_with_what_was_counted()
    {
        var allowed = await InOneMinuteAsync(async () =>
        {
            await _redis.KillAsync();
            await _redis.StartAgainAsync();
            var counters = await SharedAsync(new RateLimitOptions().RedisTimeoutMilliseconds);
            var quota = Calls(50);
            var answers = 0;
            for (var i = 0; i < 100; i++)
            {
                if (i == 20)
                {
                    await _redis.KillAsync();
                }

                answers += (await counters.TakeAsync([quota], 0, CancellationToken.None)).Refusing is null ? 1 : 0;
            }

            return answers;
        });

        allowed.ShouldBe(50);
        _local.ShouldContain("redis_lost");
    }

    [Fact]
    public async Task A_redis_that_hangs_delays_a_call_by_little_and_the_next_ones_not_at_all()
    {
        // What was lost is left alone for a time that does not pass here.
        var time = new Stoppable();
        var counters = await SharedAsync(new RateLimitOptions().RedisTimeoutMilliseconds, time);
        time.Stop();
        _redis.Pause();
        try
        {
            await counters.TakeAsync([Calls(50)], 0, CancellationToken.None).WaitAsync(Eventually.Patience);
            var next = counters.TakeAsync([Calls(50)], 0, CancellationToken.None);

            next.IsCompletedSuccessfully.ShouldBeTrue("nobody is asked");
            _local.Count.ShouldBe(2);
        }
        finally
        {
            _redis.Resume();
        }
    }

    private static Quota Calls(long limit) => new("tenant", $"tenant:{Guid.NewGuid()}:calls", limit, IsTokens: false);

    /// <summary>The counters go by the machine's minute: what went on over the end of one is done again.</summary>
    private static async Task<T> InOneMinuteAsync<T>(Func<Task<T>> act)
    {
        while (true)
        {
            var minute = Minute();
            var result = await act();
            if (Minute() == minute)
            {
                return result;
            }
        }

        static long Minute() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
    }

    /// <summary>Counters that Redis answers; patient with it unless the test says otherwise.</summary>
    private async Task<SharedRateCounters> SharedAsync(int patience = 90_000, TimeProvider? time = null)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync($"{_redis.ConnectionString},connectTimeout=90000,syncTimeout=90000");
        var options = new RateLimitOptions { RedisTimeoutMilliseconds = patience };
        var counters = new SharedRateCounters(
            () => redis, new LocalRateCounters(TimeProvider.System), options, _host.GetRequiredService<MinionTelemetry>(), time ?? TimeProvider.System, NullLogger.Instance);
        await Eventually.HoldsAsync(async () =>
        {
            var before = _local.Count;
            await counters.TakeAsync([Calls(1)], 0, CancellationToken.None);
            return _local.Count == before;
        });
        _local.Clear();
        return counters;
    }

    /// <summary>A clock that can be stopped; its timers run on.</summary>
    private sealed class Stoppable : TimeProvider
    {
        private long? _stands;

        public void Stop() => _stands = base.GetTimestamp();

        public override long GetTimestamp() => _stands ?? base.GetTimestamp();
    }
}
