using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Minion.ServiceDefaults.Redis;

/// <summary>
/// Knows whether Redis answers: asks it every second, and at once when somebody had trouble. Opens the connection on its own, and keeps
/// the subscriptions that are wanted.
/// </summary>
internal sealed class RedisConnection(
    IServiceProvider provider, IOptions<RedisOptions> options, MinionTelemetry telemetry, TimeProvider time, ILogger<RedisConnection> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly RedisSubscriptions _subscriptions = new(options.Value.Timeout, time);
    private readonly SemaphoreSlim _nudged = new(0, 1);
    private volatile IConnectionMultiplexer? _redis;
    private Task? _ping;
    private bool _wasSeen;

    /// <summary>Null until there is a connection to try.</summary>
    public ISubscriber? Subscriber => _redis?.GetSubscriber();

    /// <summary>Since when it does not answer; null while it does.</summary>
    public DateTimeOffset? DownSince { get; private set; } = time.GetUtcNow();

    /// <summary>Why it does not.</summary>
    public string Trouble { get; private set; } = "it is not connected yet";

    public bool IsUp => DownSince is null && _redis is { IsConnected: true };

    public RedisSubscriptions Subscriptions => _subscriptions;

    /// <summary>Looks now: something failed, or other subscriptions are wanted.</summary>
    public void Nudge()
    {
        try
        {
            _nudged.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to look anyway.
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _nudged.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        telemetry.ReportRedis(isUp: false);
        try
        {
            while (true)
            {
                await LookAsync(stoppingToken);
                await _nudged.WaitAsync(Interval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            _redis ??= await Task.Factory.StartNew(
                provider.GetRequiredService<IConnectionMultiplexer>, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

            // One that is still under way is waited for again, so that a Redis that hangs gathers none.
            var ping = _ping ??= _redis.GetDatabase().PingAsync();
            await ping.WaitAsync(options.Value.Timeout, time, ct);
            _ping = null;
            Up();
            await _subscriptions.ReconcileAsync(_redis.GetSubscriber(), ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Whatever it is: Redis is never a reason to end.
            _ping = _ping is { IsCompleted: false } ? _ping : null;
            Down(e is TimeoutException ? $"no answer within {options.Value.Timeout.TotalSeconds} s" : e.Message.Split(';')[0]);
        }
    }

    private void Up()
    {
        if (DownSince is not { } since)
        {
            return;
        }

        DownSince = null;
        telemetry.ReportRedis(isUp: true);
        if (_wasSeen)
        {
            logger.RedisAgain((time.GetUtcNow() - since).TotalSeconds);
        }
        else
        {
            logger.RedisConnected();
        }

        _wasSeen = true;
        _subscriptions.Restart();
    }

    private void Down(string trouble)
    {
        Trouble = trouble;
        if (DownSince is null || !_wasSeen)
        {
            DownSince ??= time.GetUtcNow();
            _wasSeen = true;
            telemetry.ReportRedis(isUp: false);
            logger.RedisLost(trouble);
        }
    }
}
