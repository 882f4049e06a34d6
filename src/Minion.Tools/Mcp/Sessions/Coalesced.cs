namespace Minion.Tools.Mcp.Sessions;

/// <summary>Passes a signal on at once, and after that at most once a second, however often it comes; the last one is never lost.</summary>
internal sealed class Coalesced(Action signal, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private bool _again;
    private bool _disposed;

    public void Signal()
    {
        lock (_lock)
        {
            if (_disposed || _timer is not null)
            {
                _again = true;
                return;
            }

            _timer = time.CreateTimer(_ => Due(), state: null, Interval, Timeout.InfiniteTimeSpan);
        }

        signal();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void Due()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
            if (!_again || _disposed)
            {
                return;
            }

            _again = false;
        }

        Signal();
    }
}
