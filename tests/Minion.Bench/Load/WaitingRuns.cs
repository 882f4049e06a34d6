using Minion.Bench.Arena;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Bench.Load;

/// <summary>Runs that wait for a person.</summary>
internal static class WaitingRuns
{
    private const int Clients = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Applies the agent, starts so many runs and returns their ids when all of them wait.</summary>
    public static async Task<IReadOnlyList<string>> StartAsync(ServerProcess server, Database database, int number, CancellationToken ct)
    {
        await server.Clusters.ApplyClusterAsync(new ApplyClusterRequest { Content = ClusterText.OfWaiter, Source = "bench.yaml" }, cancellationToken: ct);
        var before = await WaitingAsync(database, ct);
        var ids = new string[number];
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (var i = client; i < number; i += Clients)
            {
                var request = new StartRunRequest { Agent = ClusterText.Waiter, Input = $"post {i}" };
                ids[i] = (await server.Runs.StartRunAsync(request, cancellationToken: ct)).Run.Id;
            }
        }));
        await UntilWaitingAsync(database, before + number, ct);
        return ids;
    }

    /// <summary>Returns when at least so many runs wait.</summary>
    public static async Task UntilWaitingAsync(Database database, long number, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; await WaitingAsync(database, ct) < number; waited += Look)
        {
            if (waited > Patience)
            {
                throw new InvalidOperationException($"{await WaitingAsync(database, ct)} of {number} runs wait.");
            }

            await Task.Delay(Look, ct);
        }
    }

    private static Task<long> WaitingAsync(Database database, CancellationToken ct) =>
        database.CountAsync("SELECT count(*) FROM orchestration.runs WHERE status = 'waiting'", ct);
}
