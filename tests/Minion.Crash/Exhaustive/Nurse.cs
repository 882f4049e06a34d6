using Minion.Crash.Arena;

namespace Minion.Crash.Exhaustive;

/// <summary>Arms the server's failpoints, and starts it again whenever it has ended.</summary>
internal sealed class Nurse(ServerProcess server)
{
    private readonly Queue<string> _next = new();

    /// <summary>Times that the server has ended since it was last armed.</summary>
    public int Ends { get; private set; }

    /// <summary>Arms the first of <paramref name="failpoints"/>; the next one after each end.</summary>
    public void Arm(params string[] failpoints)
    {
        lock (_next)
        {
            Ends = 0;
            _next.Clear();
            Array.ForEach(failpoints, _next.Enqueue);
            ArmNext();
        }
    }

    public IReadOnlyList<string> TakeHits()
    {
        var hits = File.Exists(Hits) ? File.ReadAllLines(Hits) : [];
        File.Delete(Hits);
        return hits;
    }

    /// <summary>Watches over the server until <paramref name="stop"/>.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await server.UntilEndedAsync(stop);
            lock (_next)
            {
                Ends++;
                ArmNext();
            }

            try
            {
                await server.StartAsync(stop);
            }
            catch (InvalidOperationException) when (server.HasEnded)
            {
                // It was armed for its start.
            }
        }
    }

    private string Hits => server.Failpoints + ".hits";

    private void ArmNext() => File.WriteAllText(server.Failpoints, _next.TryDequeue(out var next) ? next : "");
}
