using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Data;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// The one writer of journals in this process. While a transaction commits, the next batch gathers: no timer, so that a single run
/// waits for nobody. An outage of the database is waited out; nothing that was acknowledged is lost and nothing is written twice.
/// </summary>
internal sealed class Appender : IAsyncDisposable
{
    /// <summary>Runs in one transaction (measured: larger ones gain nothing).</summary>
    private const int MaxBatch = 512;

    /// <summary>Up to so many runs, planning costs more than nested loops.</summary>
    private const int FewRuns = 24;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _engine;
    private readonly NpgsqlDataSource _byKey;
    private readonly TimeProvider _time;
    private readonly ILogger<Appender> _logger;
    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(8_192) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public Appender(
        [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine,
        [FromKeyedServices(DatabaseRoles.EngineByKey)] NpgsqlDataSource byKey,
        TimeProvider time,
        ILogger<Appender> logger)
    {
        _engine = engine;
        _byKey = byKey;
        _time = time;
        _logger = logger;
        _loop = Task.Run(() => DrainAsync(_stop.Token), CancellationToken.None);
    }

    /// <summary>Returns when the append is durable, or certainly is not. At most one append of a run at a time.</summary>
    public async Task<AppendResult> AppendAsync(Append append, CancellationToken ct)
    {
        var pending = new Pending(append);
        await _queue.Writer.WriteAsync(pending, ct);
        return await pending.Done.Task.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task DrainAsync(CancellationToken ct)
    {
        var batch = new List<Pending>(MaxBatch);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(ct))
            {
                batch.Clear();
                Gather(batch);
                batch.Sort((a, b) => a.Append.Run.Id.CompareTo(b.Append.Run.Id));
                await CommitAsync(batch, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }

        while (_queue.Reader.TryRead(out var left))
        {
            batch.Add(left);
        }

        foreach (var pending in batch)
        {
            pending.Done.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>
    /// Takes what waits, up to the second append of a run: that of an earlier epoch may still wait when the run has come back to this process, and
    /// the fence is judged run by run, not append by append.
    /// </summary>
    private void Gather(List<Pending> batch)
    {
        var runs = new HashSet<Guid>();
        while (batch.Count < MaxBatch && _queue.Reader.TryPeek(out var next) && runs.Add(next.Append.Run.Id) && _queue.Reader.TryRead(out var pending))
        {
            batch.Add(pending);
        }
    }

    private async Task CommitAsync(List<Pending> batch, CancellationToken ct)
    {
        var open = batch;
        var pause = ShortestPause;
        var unsure = false;
        while (open.Count > 0)
        {
            try
            {
                await using var connection = await (open.Count <= FewRuns ? _byKey : _engine).OpenConnectionAsync(ct);
                if (unsure)
                {
                    open = Settle(open, await AppendBatch.RereadAsync(connection, Appends(open), ct));
                    unsure = false;
                    continue;
                }

                unsure = true;
                var appends = Appends(open);
                Failpoint.Hit(FailpointList.AppendBefore, appends);
                var results = await AppendBatch.CommitAsync(connection, appends, ct);
                Failpoint.Hit(FailpointList.AppendAfter, appends);
                open = Settle(open, [.. results.Select(r => (AppendResult?)r)]);
            }
            catch (PostgresException refused) when (IsAboutTheData(refused))
            {
                unsure = false;
                if (open.Count == 1)
                {
                    EngineLog.AppendUnstorable(_logger, open[0].Append.Run.Id, refused.SqlState, refused.MessageText);
                    open[0].Done.TrySetResult(AppendResult.Unstorable);
                    return;
                }

                foreach (var single in open)
                {
                    await CommitAsync([single], ct);
                }

                return;
            }
            catch (Exception lost) when (lost is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
            {
                EngineLog.AppendDelayed(_logger, open.Count, pause.TotalMilliseconds, lost.Message);
                await Task.Delay(pause, _time, ct);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private static IReadOnlyList<Append> Appends(List<Pending> pending) => pending.ConvertAll(p => p.Append);

    private static List<Pending> Settle(List<Pending> open, AppendResult?[] results)
    {
        var left = new List<Pending>();
        for (var i = 0; i < open.Count; i++)
        {
            if (results[i] is { } result)
            {
                open[i].Done.TrySetResult(result);
            }
            else
            {
                left.Add(open[i]);
            }
        }

        return left;
    }

    /// <summary>SQLSTATE classes 21, 22, 23 and 42: the same data is refused again. All else passes (a full disk is waited out).</summary>
    private static bool IsAboutTheData(PostgresException error) => error.SqlState[..2] is "21" or "22" or "23" or "42";

    private sealed record Pending(Append Append)
    {
        public TaskCompletionSource<AppendResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
