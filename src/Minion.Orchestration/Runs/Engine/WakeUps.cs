using System.Threading.Channels;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Tells workers that there may be something to do, in this process and in others. Only a hint: the poll stands behind it.
/// </summary>
internal sealed class WakeUps(RemoteWakeUps others)
{
    private readonly Channel<bool> _local = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes this process.</summary>
    public void WakeHere() => _local.Writer.TryWrite(true);

    /// <summary>Wakes this process and all others.</summary>
    public void WakeAll()
    {
        WakeHere();
        others.Wake();
    }

    /// <summary>Returns at a wake-up, or after <paramref name="longest"/>; whether it was a wake-up.</summary>
    public async Task<bool> WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return await _local.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
