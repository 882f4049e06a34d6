using System.Threading.Channels;

namespace Minion.Tools.Audit;

/// <summary>
/// The records of calls on their way to the database. A call reserves the place of its record before it begins, so that memory
/// stays bounded and no call that changed something finds its record refused; the writer gives places back once the rows are committed.
/// </summary>
internal sealed class AuditLog(TimeProvider time) : IDisposable
{
    private const int Capacity = 8_192;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _places = new(Capacity, Capacity);
    private readonly Channel<AuditRecord> _records =
        Channel.CreateUnbounded<AuditRecord>(new UnboundedChannelOptions { SingleReader = true });

    private volatile bool _finishing;

    /// <summary>What waits to be written.</summary>
    public ChannelReader<AuditRecord> Records => _records.Reader;

    /// <summary>Reserved places whose record has not been written yet.</summary>
    public int Outstanding => Capacity - _places.CurrentCount;

    /// <summary>Reserves a place for one record; false when there was none within two seconds.</summary>
    public ValueTask<bool> ReserveAsync(CancellationToken cancellationToken) =>
        _places.Wait(0, CancellationToken.None) ? new ValueTask<bool>(result: true) : WaitAsync(cancellationToken);

    /// <summary>Hands in the record whose place was reserved.</summary>
    public void Record(AuditRecord record) => _records.Writer.TryWrite(record);

    /// <summary>Gives the places of <paramref name="count"/> written records back.</summary>
    public void Written(int count)
    {
        _places.Release(count);
        EndWhenDone();
    }

    /// <summary>No more calls begin: the log ends as soon as the records of those under way have been written.</summary>
    public void Finish()
    {
        _finishing = true;
        EndWhenDone();
    }

    private void EndWhenDone()
    {
        if (_finishing && Outstanding == 0)
        {
            _records.Writer.TryComplete();
        }
    }

    public void Dispose() => _places.Dispose();

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = time.CreateTimer(_ => limit.Cancel(), state: null, LongestWait, Timeout.InfiniteTimeSpan);
        try
        {
            await _places.WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
