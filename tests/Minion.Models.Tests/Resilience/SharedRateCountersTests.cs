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
        await ThisMinuteHasRoomAsync();
        var (one, other) = (await SharedAsync(), await SharedAsync());
        var quota = Calls(40);

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : other).TakeAsync([quota], 0, CancellationToken.None)));

        verdicts.Count(v => v.Refusing is null).ShouldBe(40);
        _local.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tokens_are_settled_for_all()
    {
        await ThisMinuteHasRoomAsync();
        var (one, other) = (await SharedAsync(), await SharedAsync());
        var quota = new Quota("user", $"user:{Guid.NewGuid()}:tokens", 1_000, IsTokens: true);

        (await one.TakeAsync([quota], 900, CancellationToken.None)).Refusing.ShouldBeNull();
        var refused = await other.TakeAsync([quota], 200, CancellationToken.None);
        await one.SettleAsync([quota], -800);

        refused.Refusing.ShouldBe(quota);
        refused.Wait.ShouldBeInRange(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(2));
        (await other.TakeAsync([quota], 850, CancellationToken.None)).Refusing.ShouldBeNull();
    }

    [Fact]
    public async Task When_redis_is_killed_in_mid_flight_the_limit_goes_on_here_with_what_was_counted()
    {
        await ThisMinuteHasRoomAsync();
        var counters = await SharedAsync();
        var quota = Calls(50);
        var allowed = 0;
        for (var i = 0; i < 100; i++)
        {
            if (i == 20)
            {
                await _redis.KillAsync();
            }

            allowed += (await counters.TakeAsync([quota], 0, CancellationToken.None)).Refusing is null ? 1 : 0;
        }

        allowed.ShouldBe(50);
        _local.ShouldContain("redis_lost");
    }

    [Fact]
    public async Task A_redis_that_hangs_delays_a_call_by_little_and_the_next_ones_not_at_all()
    {
        var counters = await SharedAsync();
        _redis.Pause();
        try
        {
            await counters.TakeAsync([Calls(50)], 0, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
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

    /// <summary>The counters go by the machine's minute: a test must not begin in its last seconds, nor go on over its end.</summary>
    private static async Task ThisMinuteHasRoomAsync()
    {
        while (DateTimeOffset.UtcNow.Second > 50)
        {
            await Task.Delay(200);
        }
    }

    private async Task<SharedRateCounters> SharedAsync()
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var options = new RateLimitOptions();
        var counters = new SharedRateCounters(
            () => redis, new LocalRateCounters(TimeProvider.System), options, _host.GetRequiredService<MinionTelemetry>(), TimeProvider.System, NullLogger.Instance);
        await UntilSharedAsync(counters);
        return counters;
    }

    private async Task UntilSharedAsync(SharedRateCounters counters)
    {
        int before;
        do
        {
            before = _local.Count;
            await counters.TakeAsync([Calls(1)], 0, CancellationToken.None);
        }
        while (_local.Count > before);

        _local.Clear();
    }
}
