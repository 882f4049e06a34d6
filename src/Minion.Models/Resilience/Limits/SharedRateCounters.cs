using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Minion.Models.Resilience;

/// <summary>
/// Counts in Redis while it answers, else in this process: a limit goes on, only no longer over all processes. What Redis allowed is counted
/// here, too, so that losing it gives nobody a fresh minute.
/// </summary>
internal sealed class SharedRateCounters(
    Func<IConnectionMultiplexer?> connect, LocalRateCounters local, RateLimitOptions options, MinionTelemetry telemetry, TimeProvider time, ILogger logger) : IRateCounters
{
    private static readonly TimeSpan LeaveAlone = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(options.RedisTimeoutMilliseconds);
    private readonly Lock _lock = new();
    private Task<IConnectionMultiplexer?>? _connecting;
    private bool _lost;
    private long _askAgain;

    public async Task<RateVerdict> TakeAsync(IReadOnlyList<Quota> quotas, long tokens, CancellationToken cancellationToken)
    {
        if (Shared() is { } redis)
        {
            try
            {
                var verdict = await redis.TakeAsync(quotas, tokens, cancellationToken).WaitAsync(_patience, time, cancellationToken);
                Found();
                if (verdict.Refusing is null)
                {
                    local.Mirror(quotas, tokens);
                }

                return verdict;
            }
            catch (Exception error) when (IsTrouble(error))
            {
                Lost(error.Message);
            }
        }

        telemetry.CountLocalLimit(_lost);
        return await local.TakeAsync(quotas, tokens, cancellationToken);
    }

    public async Task SettleAsync(IReadOnlyList<Quota> quotas, long tokens)
    {
        await local.SettleAsync(quotas, tokens);
        if (Shared() is { } redis)
        {
            try
            {
                await redis.SettleAsync(quotas, tokens).WaitAsync(_patience, time);
            }
            catch (Exception error) when (IsTrouble(error))
            {
                Lost(error.Message);
            }
        }
    }

    private static bool IsTrouble(Exception error) => error is RedisException or TimeoutException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Null where there is no Redis, while it is being connected to, and for a moment after it was lost.</summary>
    private RedisRateCounters? Shared()
    {
        if (_lost && time.GetTimestamp() < Volatile.Read(ref _askAgain))
        {
            return null;
        }

        lock (_lock)
        {
            // Connecting blocks its thread, for seconds when nobody is there.
            _connecting ??= Task.Factory.StartNew(connect, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        if (_connecting.IsFaulted)
        {
            Lost(_connecting.Exception.InnerException?.Message ?? _connecting.Exception.Message);
            lock (_lock)
            {
                _connecting = null;
            }

            return null;
        }

        return _connecting is { IsCompletedSuccessfully: true } done && ResultOf(done) is { } redis ? new RedisRateCounters(redis) : null;
    }

    private static IConnectionMultiplexer? ResultOf(Task<IConnectionMultiplexer?> done) => done.GetAwaiter().GetResult();

    private void Lost(string why)
    {
        Volatile.Write(ref _askAgain, time.GetTimestamp() + (long)(LeaveAlone.TotalSeconds * time.TimestampFrequency));
        if (!_lost)
        {
            _lost = true;
            LogMessages.LimitsLocal(logger, why);
        }
    }

    private void Found()
    {
        if (_lost)
        {
            _lost = false;
            LogMessages.LimitsShared(logger);
        }
    }
}
