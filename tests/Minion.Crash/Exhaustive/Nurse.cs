using Minion.Crash.Arena;

namespace Minion.Crash.Exhaustive;

/// <summary>Arms the server's failpoints, and starts it again whenever it has ended.</summary>
internal sealed class Nurse(ServerProcess server)
{
    /// <summary>Starts in a row that may fail: a server may be armed for its own start.</summary>
    private const int MostFailures = 4;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly Queue<string> _next = new();
    private bool _isUp = true;

    /// <summary>Times that the server has ended since it was last armed.</summary>
    public int Ends { get; private set; }

    private string Hits => server.Failpoints + ".hits";

    /// <summary>Arms the first of <paramref name="failpoints"/>; the next one after each end.</summary>
    public void Arm(params string[] failpoints)
    {
        lock (_lock)
        {
            Ends = 0;
            _next.Clear();
            Array.ForEach(failpoints, _next.Enqueue);
            ArmNext();
        }
    }

    /// <summary>What was passed since it was last asked for.</summary>
    public IReadOnlyList<string> TakeHits()
    {
        var hits = File.Exists(Hits) ? File.ReadAllLines(Hits) : [];
        File.Delete(Hits);
        return hits;
    }

    /// <summary>Returns when the server has ended so often, and is up again.</summary>
    public async Task UntilEndedAsync(int times, CancellationToken ct)
    {
        var begun = Environment.TickCount64;
        while (Ends < times || !_isUp)
        {
            if (Environment.TickCount64 - begun > Timings.Recovery.TotalMilliseconds)
            {
                throw new InvalidOperationException($"The server should have ended {times} times, and has ended {Ends} times.");
            }

            await Task.Delay(Look, ct);
        }
    }

    /// <summary>Watches over the server until <paramref name="stop"/>.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await server.UntilEndedAsync(stop);
            await StartAsync(stop);
        }
    }

    private async Task StartAsync(CancellationToken stop)
    {
        for (var failures = 0; ; failures++)
        {
            lock (_lock)
            {
                _isUp = false;
                Ends++;
                ArmNext();
            }

            try
            {
                await server.StartAsync(stop);
                _isUp = true;
                return;
            }
            catch (InvalidOperationException) when (server.HasEnded && failures < MostFailures)
            {
                // It was killed while it started.
            }
        }
    }

    private void ArmNext() => File.WriteAllText(server.Failpoints, _next.TryDequeue(out var next) ? next : "");
}
