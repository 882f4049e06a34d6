using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Executes runs in this process: claims ready ones while it has free slots, and hands its own back when it is asked to stop.</summary>
internal sealed class Worker(
    Membership membership,
    Claiming claiming,
    Timers timers,
    HeldRuns runs,
    RunExecutor executor,
    WakeUps wakeUps,
    IOptions<EngineOptions> options,
    TimeProvider time,
    ILogger<Worker> logger) : IAsyncDisposable
{
    private const int MaxClaim = 256;

    private readonly EngineOptions _options = options.Value;
    private readonly ConcurrentDictionary<Task, bool> _executions = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();
    private int _taken;

    /// <summary>Runs that this worker holds.</summary>
    public int HeldRuns => runs.Count;

    /// <summary>A free slot with the lease to claim under, for a run that is about to be submitted; null when there is none.</summary>
    public Lease? TryTakeSlot()
    {
        if (membership.Lease is not { Holds: true } lease || _drain.IsCancellationRequested)
        {
            return null;
        }

        if (Interlocked.Increment(ref _taken) <= _options.Capacity)
        {
            return lease;
        }

        GiveBackSlot();
        return null;
    }

    /// <summary>The slot is not needed after all.</summary>
    public void GiveBackSlot() => Interlocked.Decrement(ref _taken);

    /// <summary>Executes a run for which a slot was taken. Returns at once.</summary>
    public void Begin(HeldRun held)
    {
        runs.Add(held);
        var execution = Task.Run(() => ExecuteAsync(held), CancellationToken.None);
        _executions[execution] = true;
        _ = execution.ContinueWith(done => _executions.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Registers, then claims and beats until <paramref name="stop"/>; then drains.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await membership.RegisterAsync(stop);
        var beating = membership.BeatAsync(_abort.Token);
        try
        {
            await ClaimLoopAsync(stop);
        }
        finally
        {
            await DrainAsync();
            await _abort.CancelAsync();
            await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await membership.LeaveAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        _drain.Dispose();
        _abort.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ExecuteAsync(HeldRun held)
    {
        try
        {
            await executor.ExecuteAsync(held, _drain.Token, _abort.Token);
        }
        catch (Exception error)
        {
            EngineLog.ExecutionBroke(logger, error, held.Run.Id);
        }
        finally
        {
            runs.Remove(held);
            GiveBackSlot();
            held.Dispose();
            if (held.Run.IsLimited || Volatile.Read(ref _taken) == _options.Capacity - 1)
            {
                wakeUps.WakeHere();
            }
        }
    }

    private async Task ClaimLoopAsync(CancellationToken stop)
    {
        var pause = _options.PollShortest;
        while (!stop.IsCancellationRequested)
        {
            var claimed = 0;
            try
            {
                await timers.WakeAsync(stop);
                claimed = await ClaimAsync(stop);
                await claiming.ReadSignalsAsync(membership.Lease!, stop);
            }
            catch (NpgsqlException outage)
            {
                EngineLog.Outage(logger, "claim", outage.Message);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            if (claimed > 0)
            {
                pause = _options.PollShortest;
                continue;
            }

            try
            {
                var woken = await wakeUps.WaitAsync(timers.Until(pause), time, stop);
                pause = woken ? _options.PollShortest : pause * 2 < _options.PollLongest ? pause * 2 : _options.PollLongest;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<int> ClaimAsync(CancellationToken ct)
    {
        var slots = TakeSlots(MaxClaim, out var lease);
        if (slots == 0)
        {
            return 0;
        }

        var begun = 0;
        try
        {
            await claiming.ClaimAsync(
                lease!,
                slots,
                held =>
                {
                    Begin(held);
                    begun++;
                },
                ct);
            return begun;
        }
        finally
        {
            for (var i = begun; i < slots; i++)
            {
                GiveBackSlot();
            }
        }
    }

    private int TakeSlots(int most, out Lease? lease)
    {
        lease = null;
        var slots = 0;
        while (slots < most && TryTakeSlot() is { } taken)
        {
            lease = taken;
            slots++;
        }

        return slots;
    }

    private async Task DrainAsync()
    {
        Failpoint.Hit(FailpointList.DrainBegun);
        await _drain.CancelAsync();
        var all = Task.WhenAll(_executions.Keys);
        try
        {
            await all.WaitAsync(_options.DrainGrace, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            EngineLog.GraceOver(logger, runs.Count);
            await _abort.CancelAsync();
            await Task.WhenAll(_executions.Keys).WaitAsync(TimeSpan.FromSeconds(2), time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
