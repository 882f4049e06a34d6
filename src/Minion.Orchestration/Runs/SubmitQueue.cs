using System.Threading.Channels;
using Npgsql;

namespace Minion.Orchestration.Runs;

/// <summary>
/// Submissions of runs without a session share transactions: while one commits, the next gathers, without a timer. (In a session, a submission may wait for
/// the session's lock; it has a transaction of its own, so that no other waits with it.)
/// </summary>
internal sealed class SubmitQueue : IAsyncDisposable
{
    /// <summary>Runs in one transaction.</summary>
    private const int MaxBatch = 256;

    private readonly SubmitStore _store;
    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(8_192) { SingleReader = true });
    private readonly Task _loop;

    public SubmitQueue(SubmitStore store)
    {
        _store = store;
        _loop = Task.Run(DrainAsync, CancellationToken.None);
    }

    /// <summary>
    /// Returns when the run is durable, or certainly is not (null, see <see cref="SubmitStore.SubmitAsync"/>). Cannot be given up: what may be committed
    /// must also begin.
    /// </summary>
    /// <exception cref="NpgsqlException">The database cannot be reached, or its answer was lost: the run may have been accepted.</exception>
    public async Task<Acceptance?> SubmitAsync(Submission submission)
    {
        var waiting = new Waiting(submission);
        await _queue.Writer.WriteAsync(waiting, CancellationToken.None);
        return await waiting.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task DrainAsync()
    {
        var batch = new List<Waiting>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var waiting))
            {
                batch.Add(waiting);
            }

            await CommitAsync(batch);
        }
    }

    private async Task CommitAsync(List<Waiting> batch)
    {
        try
        {
            var accepted = await _store.SubmitAsync(batch.ConvertAll(w => w.Submission), CancellationToken.None);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Done.TrySetResult(accepted[i]);
            }
        }
        catch (PostgresException refused) when (batch.Count > 1 && WasRolledBack(refused))
        {
            foreach (var single in batch.ToArray())
            {
                await CommitAsync([single]);
            }
        }
        catch (Exception error)
        {
            batch.ForEach(w => w.Done.TrySetException(error));
        }
    }

    /// <summary>SQLSTATE classes 21, 22, 23 and 42 (the data of one of them is refused) and 40 (a deadlock).</summary>
    private static bool WasRolledBack(PostgresException error) => error.SqlState[..2] is "21" or "22" or "23" or "40" or "42";

    private sealed record Waiting(Submission Submission)
    {
        public TaskCompletionSource<Acceptance?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
