using System.Collections.Concurrent;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Crash.Load;

/// <summary>Clients that follow runs to their ends, from either server, over connections that break or that they give up.</summary>
internal sealed class Watchers(Servers servers, Ledger ledger, CancellationToken abort)
{
    private const int Most = 40;

    private readonly ConcurrentDictionary<Guid, Watched> _watched = new();
    private readonly ConcurrentDictionary<Task, bool> _following = new();
    private int _connections;

    public ICollection<Watched> All => _watched.Values;

    /// <summary>Streams that were opened.</summary>
    public int Connections => _connections;

    /// <summary>Follows a run unless enough others are followed.</summary>
    public void Follow(Guid run)
    {
        var watched = new Watched(run);
        if (_following.Count >= Most || !_watched.TryAdd(run, watched))
        {
            return;
        }

        var following = Task.Run(() => FollowAsync(watched), CancellationToken.None);
        _following[following] = true;
        _ = following.ContinueWith(done => _following.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Returns when all have ended, or at the deadline.</summary>
    public Task UntilEndedAsync(TimeSpan deadline) =>
        Task.WhenAll(_following.Keys).WaitAsync(deadline).ContinueWith(_ => { }, TaskScheduler.Default);

    private async Task FollowAsync(Watched watched)
    {
        while (!watched.Ended && !abort.IsCancellationRequested)
        {
            var patience = TimeSpan.FromMilliseconds(Random.Shared.Next(300, 4_000));
            var request = new WatchRunRequest
            {
                RunId = watched.Run.ToString(),
                AfterSeq = watched.LastSeq,
                EntriesOnly = Random.Shared.Next(2) == 0,
            };
            Interlocked.Increment(ref _connections);
            try
            {
                using var call = servers.Any().Runs.WatchRun(request, deadline: DateTime.UtcNow + patience, cancellationToken: abort);
                while (await call.ResponseStream.MoveNext(abort))
                {
                    if (call.ResponseStream.Current.Entry is { } entry)
                    {
                        watched.Tell(entry);
                    }
                }

                watched.Ended = true;
            }
            catch (RpcException error) when (Servers.IsPassing(error.StatusCode))
            {
                if (error.StatusCode != StatusCode.DeadlineExceeded)
                {
                    ledger.NoteError(error.StatusCode);
                    await Task.Delay(50, CancellationToken.None);
                }
            }
            catch (RpcException error)
            {
                ledger.Contradict($"watching the accepted run {watched.Run} was refused: {error.Status}");
                return;
            }
        }
    }
}
