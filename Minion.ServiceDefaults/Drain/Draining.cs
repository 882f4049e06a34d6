namespace Minion.ServiceDefaults.Drain;

/// <summary>
/// Whether this process is on its way down, and how many calls it still has. Streams that would go on for ever end when
/// <see cref="Started"/> fires; their clients go on with another server.
/// </summary>
public sealed class Draining : IDisposable
{
    private readonly CancellationTokenSource _started = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _empty;
    private int _calls;

    /// <summary>Fires when the process begins to drain.</summary>
    public CancellationToken Started => _started.Token;

    /// <summary>How many calls are under way.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Frees the token.</summary>
    public void Dispose() => _started.Dispose();

    internal void Start() => _started.Cancel();

    internal void Enter()
    {
        lock (_lock)
        {
            _calls++;
        }
    }

    internal void Leave()
    {
        lock (_lock)
        {
            if (--_calls == 0)
            {
                _empty?.TrySetResult();
            }
        }
    }

    /// <summary>Completes when no call is under way.</summary>
    internal Task WhenEmpty()
    {
        lock (_lock)
        {
            if (_calls == 0)
            {
                return Task.CompletedTask;
            }

            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }
}
