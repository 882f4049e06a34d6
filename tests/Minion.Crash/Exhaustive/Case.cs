using Minion.Contracts.Orchestration.V1;
using Minion.Crash.Arena;
using Minion.Crash.Load;
using Minion.Crash.Rounds;

namespace Minion.Crash.Exhaustive;

/// <summary>Carries one canonical run to its end, whatever becomes of the server meanwhile.</summary>
internal sealed class Case(Site site, Servers servers, Ledger ledger, Watchers watchers, Inbox inbox, Nurse nurse)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(15);

    /// <summary>Returns whether the run has ended in time.</summary>
    public async Task<bool> RunAsync(Scenario scenario, string id, string session, CancellationToken ct)
    {
        var run = await Loader.StartAsync(servers, ledger, scenario.Submit(id, session), ct);
        watchers.Follow(run);
        var isStopped = scenario.StoppedAfter == 0;
        var isCancelled = !scenario.IsCancelled;
        var begun = Environment.TickCount64;
        while (Environment.TickCount64 - begun < Timings.Drain.TotalMilliseconds)
        {
            var (status, entries) = await StateAsync(run);
            if (status is "completed" or "failed" or "cancelled")
            {
                return true;
            }

            if (!isStopped && entries >= scenario.StoppedAfter && nurse.Ends == 0)
            {
                isStopped = true;
                Signals.Terminate(site.Servers[0].ProcessId);
            }

            if (status == "waiting" && !isCancelled)
            {
                isCancelled = true;
                var request = new CancelRunRequest { Id = run.ToString(), Reason = "No longer wanted." };
                await servers.CallAsync((server, deadline) => server.Runs.CancelRunAsync(request, deadline: deadline, cancellationToken: ct), ct);
            }
            else if (status == "waiting")
            {
                await Settling.UntilQuietAsync(site.Database, ct);
                await inbox.DrainAsync(!scenario.IsLeftAlone, ct);
            }

            await Task.Delay(Look, ct);
        }

        return false;
    }

    private async Task<(string Status, int Entries)> StateAsync(Guid run) => (await site.Database.QueryAsync<(string, int)>(
        "SELECT status, (next_seq - 1)::int FROM orchestration.runs WHERE id = @run", new { run }))[0];
}
