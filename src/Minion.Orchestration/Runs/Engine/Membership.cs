using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// This process among the workers: registers it, keeps its lease by one heartbeat for all its runs, and takes what dead workers left behind. A worker that
/// was taken for dead itself drops its runs and registers anew.
/// </summary>
internal sealed class Membership(
    WorkerStore workers, HeldRuns runs, Comparison comparison, LimitedClaims limited, WakeUps wakeUps, IOptions<EngineOptions> options, TimeProvider time, ILogger<Membership> logger)
{
    private readonly EngineOptions _options = options.Value;
    private long _healthySince;

    /// <summary>Null before the first registration.</summary>
    public Lease? Lease { get; private set; }

    /// <summary>Registers, however long the database is away.</summary>
    public async Task RegisterAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var lease = new Lease(Guid.CreateVersion7(time.GetUtcNow()), _options.Lease, time);
                Failpoint.Hit(FailpointList.RegisterBefore);
                await workers.RegisterAsync(lease.WorkerId, _options.Capacity, ct);
                Failpoint.Hit(FailpointList.RegisterAfter);
                Lease = lease;
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

    /// <summary>Beats until it is cancelled.</summary>
    public async Task BeatAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await BeatOnceAsync(Lease!, ct);
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

    /// <summary>Takes this process out, so that nobody waits for its lease.</summary>
    public async Task LeaveAsync()
    {
        try
        {
            // A third of what a host is given to stop: a slow database is worth waiting for, since runs that are not handed back wait out the lease.
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
            Failpoint.Hit(FailpointList.LeaveBefore);
            await workers.RemoveAsync(Lease!.WorkerId, soon.Token);
            Failpoint.Hit(FailpointList.LeaveAfter);
            await workers.ReleaseOrphansAsync(soon.Token);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
        {
            EngineLog.Outage(logger, "leave", error.Message);
        }
    }

    private async Task BeatOnceAsync(Lease lease, CancellationToken ct)
    {
        var sentAt = time.GetTimestamp();
        Failpoint.Hit(FailpointList.HeartbeatBefore);
        if (await workers.HeartbeatAsync(lease.WorkerId, ct))
        {
            Failpoint.Hit(FailpointList.HeartbeatAfter);
            lease.Renew(sentAt);
            await comparison.CompareAsync(lease, ct);
        }
        else
        {
            EngineLog.WorkerReaped(logger, lease.WorkerId, runs.Count);
#if !BREAK_FENCING
            runs.DropAll();
#endif
            await RegisterAsync(ct);
        }

        await limited.LookAsync(ct);
        var healthy = time.GetElapsedTime(_healthySince) > _options.Lease;
        Failpoint.Hit(FailpointList.ReapBefore);
        var dead = await workers.RemoveDeadAsync(_options.Lease, healthy, ct);
        Failpoint.Hit(FailpointList.ReapAfter, dead > 0);
        Failpoint.Hit(FailpointList.ReleaseBefore);
        var released = await workers.ReleaseOrphansAsync(ct);
        Failpoint.Hit(FailpointList.ReleaseAfter, released > 0);
        if (released > 0 || dead > 0)
        {
            EngineLog.Reaped(logger, dead, released);
            wakeUps.WakeAll();
        }
    }
}
