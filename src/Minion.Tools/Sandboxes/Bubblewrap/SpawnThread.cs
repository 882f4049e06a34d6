using System.Collections.Concurrent;

namespace Minion.Tools.Sandboxes.Bubblewrap;

/// <summary>
/// The thread that starts sandboxes. The kernel ends a sandbox when the thread that started it ends (PR_SET_PDEATHSIG), so it must be one that
/// lives as long as the process: threads of the pool come and go.
/// </summary>
internal sealed class SpawnThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = new(boundedCapacity: 4096);
    private readonly Thread _thread;

    public SpawnThread()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "sandbox-spawn" };
        _thread.Start();
    }

    /// <summary>Does it on the thread.</summary>
    public Task<T> RunAsync<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(start());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join(TimeSpan.FromSeconds(5));
        _work.Dispose();
    }

    private void Loop()
    {
        foreach (var start in _work.GetConsumingEnumerable())
        {
            start();
        }
    }
}
