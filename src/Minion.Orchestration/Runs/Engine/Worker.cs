using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Orchestration.Runs.Watching;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Executes runs in this process: claims ready ones while it has free slots, keeps its lease by one heartbeat for all of them, takes what dead workers
/// left behind, and hands its own back when it is asked to stop.
/// </summary>
internal sealed class Worker(
    WorkerStore workers,
    ClaimStore claims,
    RunExecutor executor,
    WakeUps wakeUps,
    LiveFeeds feeds,
    IOptions<EngineOptions> options,
    TimeProvider time,
    ILogger<Worker> logger) : IAsyncDisposable
{
    private const int MaxClaim = 256;

    private readonly EngineOptions _options = options.Value;
    private readonly ConcurrentDictionary<Guid, HeldRun> _held = new();
    private readonly ConcurrentDictionary<Guid, bool> _beginning = new();
    private readonly ConcurrentDictionary<Task, bool> _executions = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();
    private Lease? _lease;
    private int _taken;
    private string _cursor = "";
    private HashSet<Guid> _strangers = [];
    private long _healthySince;

    /// <summary>Runs that this worker holds.</summary>
    public int HeldRuns => _held.Count;

    /// <summary>A free slot with the lease to claim under, for a run that is about to be submitted; null when there is none.</summary>
    public Lease? TryTakeSlot()
    {
        if (_lease is not { Holds: true } lease || _drain.IsCancellationRequested)
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
        // A later claim of the same run by this worker replaces the earlier one, which is fenced.
        if (_held.TryGetValue(held.Run.Id, out var earlier))
        {
            earlier.Drop();
        }

        _held[held.Run.Id] = held;
        var execution = Task.Run(() => ExecuteAsync(held), CancellationToken.None);
        _executions[execution] = true;
        _ = execution.ContinueWith(done => _executions.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Registers, then claims and beats until <paramref name="stop"/>; then drains.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await RegisterAsync(stop);
        var beating = BeatAsync(_abort.Token);
        try
        {
            await ClaimLoopAsync(stop);
        }
        finally
        {
            await DrainAsync();
            await _abort.CancelAsync();
            await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await LeaveAsync();
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
            _held.TryRemove(KeyValuePair.Create(held.Run.Id, held));
            GiveBackSlot();
            held.Dispose();
            if (Volatile.Read(ref _taken) == _options.Capacity - 1)
            {
                wakeUps.WakeHere();
            }
        }
    }

    private async Task RegisterAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var lease = new Lease(Guid.CreateVersion7(time.GetUtcNow()), _options.Lease, time);
                await workers.RegisterAsync(lease.WorkerId, _options.Capacity, ct);
                _lease = lease;
                _healthySince = time.GetTimestamp();
                EngineLog.WorkerRegistered(logger, lease.WorkerId, _options.Capacity);
                return;
            }
            catch (NpgsqlException outage)
            {
                EngineLog.Outage(logger, "register", outage.Message);
                await Task.Delay(_options.PollLongest, time, ct);
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
                claimed = await ClaimAsync(stop);
                await ReadSignalsAsync(stop);
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
                var woken = await wakeUps.WaitAsync(pause, time, stop);
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
        List<ClaimedRun> runs = [];
        try
        {
            runs = await claims.ClaimAsync(lease!.WorkerId, slots, _cursor, ct);
            if (runs.Count < slots && _cursor.Length > 0)
            {
                // Round the corner: the tenants before the cursor.
                runs.AddRange(await claims.ClaimAsync(lease.WorkerId, slots - runs.Count, "", ct));
            }

            runs.ForEach(r => _beginning[r.Id] = true);
            _cursor = runs.Count == slots ? runs.Max(r => r.Tenant)! : "";
            var known = runs.Where(r => r.NextSeq > 1 || r.Epoch > 1).Select(r => r.Id).ToArray();
            var entries = known.Length > 0 ? await claims.EntriesAsync(known, ct) : Enumerable.Empty<Journal.Entry>().ToLookup(_ => Guid.Empty);
            var signals = runs.Count > 0 ? await claims.SignalsAsync([.. runs.Select(r => r.Id)], ct) : [];
            foreach (var run in runs)
            {
                var held = new HeldRun(run, lease, feeds.Hold(run.Tenant, run.Id), entries[run.Id]);
                held.Deliver(signals.Where(s => s.RunId == run.Id));
                if (run.Epoch > 1)
                {
                    EngineLog.RunResumed(logger, run.Id, run.Epoch, held.State.LastSeq);
                }

                Begin(held);
                begun++;
            }

            return begun;
        }
        finally
        {
            runs.ForEach(r => _beginning.TryRemove(r.Id, out _));
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

    private async Task ReadSignalsAsync(CancellationToken ct)
    {
        if (_lease is not { } lease || _held.IsEmpty)
        {
            return;
        }

        var news = (await claims.SignalledAsync(lease.WorkerId, ct))
            .Where(s => _held.TryGetValue(s.Id, out var held) && held.DeliveredSignals < s.SignalSeq)
            .Select(s => s.Id)
            .ToArray();
        if (news.Length == 0)
        {
            return;
        }

        foreach (var signals in (await claims.SignalsAsync(news, ct)).GroupBy(s => s.RunId))
        {
            if (_held.TryGetValue(signals.Key, out var held))
            {
                held.Deliver(signals);
            }
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await BeatOnceAsync(ct);
            }
            catch (NpgsqlException outage)
            {
                // Nobody is reaped until heartbeats have gone well for a full lease again, or all would fence all.
                _healthySince = time.GetTimestamp();
                EngineLog.Outage(logger, "heartbeat", outage.Message);
            }

            await Task.Delay(_options.Heartbeat, time, ct);
        }
    }

    private async Task BeatOnceAsync(CancellationToken ct)
    {
        var lease = _lease!;
        var sentAt = time.GetTimestamp();
        if (await workers.HeartbeatAsync(lease.WorkerId, ct))
        {
            lease.Renew(sentAt);
            await CompareAsync(lease, ct);
        }
        else
        {
            EngineLog.WorkerReaped(logger, lease.WorkerId, _held.Count);
#if !BREAK_FENCING
            foreach (var held in _held.Values)
            {
                held.Drop();
            }
#endif
            await RegisterAsync(ct);
        }

        var healthy = time.GetElapsedTime(_healthySince) > _options.Lease;
        var dead = await workers.RemoveDeadAsync(_options.Lease, healthy, ct);
        var released = await workers.ReleaseOrphansAsync(ct);
        if (released > 0 || dead > 0)
        {
            EngineLog.Reaped(logger, dead, released);
            wakeUps.WakeAll();
        }
    }

    /// <summary>
    /// Compares the runs that the database believes this worker holds with those that it does. What the worker does not know twice in a row (a claim or
    /// submission whose answer was lost) is handed back, but not what it is just reading the journals of, however long that takes; what the database does
    /// not know is dropped.
    /// </summary>
    private async Task CompareAsync(Lease lease, CancellationToken ct)
    {
        var mine = _held.Where(h => h.Value.Lease == lease).Select(h => h.Key).ToHashSet();
        var theirs = await workers.HeldAsync(lease.WorkerId, ct);
        var strangers = theirs.Where(id => !_held.ContainsKey(id) && !_beginning.ContainsKey(id)).ToHashSet();
        var lost = strangers.Where(_strangers.Contains).ToArray();
        if (lost.Length > 0)
        {
            EngineLog.HandedBack(logger, await workers.HandBackAsync(lease.WorkerId, lost, ct));
            wakeUps.WakeAll();
        }

        _strangers = strangers;
#if !BREAK_FENCING
        foreach (var id in mine.Where(id => !theirs.Contains(id)))
        {
            // It may just have ended: then it is out of the dictionary by the next beat, and dropping does no harm.
            if (_held.TryGetValue(id, out var held) && held.MissedOnce())
            {
                held.Drop();
            }
        }
#endif
    }

    private async Task DrainAsync()
    {
        await _drain.CancelAsync();
        var all = Task.WhenAll(_executions.Keys);
        try
        {
            await all.WaitAsync(_options.DrainGrace, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            EngineLog.GraceOver(logger, _held.Count);
            await _abort.CancelAsync();
            await Task.WhenAll(_executions.Keys).WaitAsync(TimeSpan.FromSeconds(2), time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeaveAsync()
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            await workers.RemoveAsync(_lease!.WorkerId, soon.Token);
            await workers.ReleaseOrphansAsync(soon.Token);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
        {
            EngineLog.Outage(logger, "leave", error.Message);
        }
    }
}
