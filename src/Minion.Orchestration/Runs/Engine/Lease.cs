namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// A worker's right to its runs, judged by its own monotonic clock: it holds from when the last successful heartbeat was sent, which
/// is earlier than what the database noted, so it never believes longer than the others.
/// </summary>
internal sealed class Lease(Guid workerId, TimeSpan length, TimeProvider time)
{
    private long _sentAt = time.GetTimestamp();

    public Guid WorkerId { get; } = workerId;

    /// <summary>Whether an effect may begin.</summary>
    public bool Holds =>
#if BREAK_FENCING
        true;
#else
        time.GetElapsedTime(Volatile.Read(ref _sentAt)) < length;
#endif

    /// <summary>A heartbeat that was sent at <paramref name="sentAt"/> (a timestamp of the time provider) has succeeded.</summary>
    public void Renew(long sentAt) => Volatile.Write(ref _sentAt, sentAt);
}
