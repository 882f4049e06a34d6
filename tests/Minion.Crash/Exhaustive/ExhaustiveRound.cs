using System.Diagnostics;
using System.Globalization;
using Minion.Contracts.Orchestration.V1;
using Minion.Crash.Arena;
using Minion.Crash.Checks;
using Minion.Crash.Load;
using Minion.Crash.Rounds;
using Minion.Orchestration.Runs.Engine.Failpoints;

namespace Minion.Crash.Exhaustive;

/// <summary>
/// Kills the server once at each failpoint that a canonical run passes, in turn: first the run is recorded, then it is made again for each hit, with the
/// server killed at that hit, started again, and all invariants checked.
/// </summary>
internal static class ExhaustiveRound
{
    /// <summary>Kills at the same failpoint of the same run, at most.</summary>
    private const int MostOfOne = 20;

    /// <summary>Whether everything held.</summary>
    public static async Task<bool> RunAsync(CrashOptions options, CancellationToken stop)
    {
        var program = await ServerBuild.PrepareAsync(options.EngineLacks, stop);
        await using var site = await Site.StartAsync(program, 1, withFailpoints: true, stop);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ledger = new Ledger();
        var servers = new Servers(site.Servers, ledger);
        var watchers = new Watchers(servers, ledger, abort.Token);
        var verdict = new Verdict(Harness.Invariants(site.Database, ledger, watchers));
        var nurse = new Nurse(site.Servers[0]);
        var one = new Case(site, servers, ledger, watchers, new Inbox(servers, site.Database, ledger), nurse);
        var watching = nurse.WatchAsync(abort.Token);
        try
        {
            await PrepareAsync(servers, stop);
            var round = new Rounds(options, one, nurse, verdict, servers);
            var all = round.AllAsync(abort.Token);
            await await Task.WhenAny(all, watching);
            await all;

            await watchers.UntilEndedAsync(Timings.Recovery);
            await verdict.CheckAllAsync();
            Console.WriteLine($"\n{round.Kills} kills, {round.Missed} failpoints were not passed again\n");
            verdict.Write(Console.Out);
            Console.WriteLine(verdict.IsClean ? "All of it held." : "Not all of it held.");
            return verdict.IsClean;
        }
        finally
        {
            await abort.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!verdict.IsClean || options.KeepLogs)
            {
                Console.WriteLine($"The server's log: {site.KeepLogs("crash-failpoints")}");
            }
        }
    }

    private static async Task PrepareAsync(Servers servers, CancellationToken ct)
    {
        var request = new ApplyClusterRequest { Content = ScenarioText.Yaml, Source = "canonical.yaml" };
        await servers.CallAsync((server, deadline) => server.Clusters.ApplyClusterAsync(request, deadline: deadline, cancellationToken: ct), ct);
    }

    private sealed class Rounds(CrashOptions options, Case one, Nurse nurse, Verdict verdict, Servers servers)
    {
        private int _number;
        private int _turn;

        public int Kills { get; private set; }

        public int Missed { get; private set; }

        public async Task AllAsync(CancellationToken ct)
        {
            foreach (var scenario in Scenarios.All.Where(s => options.Runs.Count == 0 || options.Runs.Contains(s.Name)))
            {
                await RunAsync(scenario, ct);
            }
        }

        private async Task RunAsync(Scenario scenario, CancellationToken ct)
        {
            var clock = Stopwatch.StartNew();
            var passed = await RecordAsync(scenario, ct);
            var kills = Kills;
            foreach (var failpoint in passed.Where(_ => _turn++ % options.Every == 0))
            {
                if (!verdict.IsClean && !options.KeepGoing)
                {
                    return;
                }

                await KillAsync(scenario, failpoint, ct);
            }

            Console.WriteLine($"{scenario.Name,-12} {passed.Count,3} failpoints passed, {Kills - kills} kills in {clock.Elapsed.TotalSeconds:0.0} s");
        }

        /// <summary>What the run passes, each hit as it is armed.</summary>
        private async Task<List<string>> RecordAsync(Scenario scenario, CancellationToken ct)
        {
            nurse.Arm([.. Before(scenario)]);
            nurse.TakeHits();
            await one.RunAsync(scenario, NewId(), await SessionAsync(scenario, ct), ct);
            var hits = Counting(scenario, nurse.TakeHits());
            var periodic = FailpointList.All.Where(f => f.IsPeriodic).Select(f => f.Name).ToHashSet();
            return
            [
                .. hits.CountBy(h => h)
                    .Where(h => options.At.Count == 0 || options.At.Any(h.Key.StartsWith))
                    .SelectMany(h => Enumerable.Range(1, periodic.Contains(h.Key) ? 1 : Math.Min(h.Value, MostOfOne)).Select(n => $"{h.Key}:{n}")),
            ];
        }

        private async Task KillAsync(Scenario scenario, string failpoint, CancellationToken ct)
        {
            var since = DateTime.UtcNow;
            string[] armed = [.. Before(scenario), failpoint];
            var session = await SessionAsync(scenario, ct);
            nurse.TakeHits();
            nurse.Arm(armed);
            var ended = await one.RunAsync(scenario, NewId(), session, ct);
            var isKilled = IsPassed(failpoint, Counting(scenario, nurse.TakeHits()));
            if (isKilled)
            {
                await nurse.UntilEndedAsync(armed.Length, ct);
            }

            Kills += isKilled ? 1 : 0;
            Missed += isKilled ? 0 : 1;
            nurse.Arm();
            await verdict.CheckAsync(since);
            if (!ended || !verdict.IsClean)
            {
                verdict.Add("ends in time", ended ? [] : [$"{scenario.Name} killed at {failpoint}"]);
                Console.WriteLine($"{scenario.Name} killed at {failpoint}: {(ended ? "" : "did not end; ")}{string.Join("; ", verdict.Violated)}");
            }
        }

        /// <summary>What is passed while the failpoint is armed: where the server is killed before, what it passes after that.</summary>
        private static IReadOnlyList<string> Counting(Scenario scenario, IReadOnlyList<string> hits) =>
            scenario.KilledFirstAt is null ? hits : [.. hits.SkipWhile(h => h != FailpointList.RegisterBefore)];

        private static bool IsPassed(string failpoint, IReadOnlyList<string> hits)
        {
            var colon = failpoint.LastIndexOf(':');
            return hits.Count(h => h == failpoint[..colon]) >= int.Parse(failpoint[(colon + 1)..], CultureInfo.InvariantCulture);
        }

        private static IEnumerable<string> Before(Scenario scenario) => scenario.KilledFirstAt is { } first ? [first] : [];

        private string NewId() => $"{options.Seed}-{++_number}";

        private async Task<string> SessionAsync(Scenario scenario, CancellationToken ct) => scenario.InSession
            ? (await servers.CallAsync(
                (server, deadline) => server.Sessions.CreateSessionAsync(new CreateSessionRequest { Title = "canonical" }, deadline: deadline, cancellationToken: ct),
                ct)).Session.Id
            : "";
    }
}
