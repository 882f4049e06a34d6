using System.Diagnostics;
using Minion.Crash.Arena;
using Minion.Crash.Checks;

namespace Minion.Crash.Rounds;

/// <summary>One round: strike, wait until all has settled, answer what waits, check.</summary>
internal sealed class Round(CrashOptions options, IReadOnlyList<ServerProcess> servers, Database database, Inbox inbox, Verdict verdict, Tally tally)
{
    private readonly Executioner _executioner = new(servers, database, Math.Max(1, options.Load / (3 * servers.Count)));
    private readonly Settling _settling = new(servers, database);

    public async Task RunAsync(int number, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var strikes = Strike.OfRound(number, options.Seed, servers.Count, options.Only);
        var wait = new Random(unchecked((options.Seed * 31) + number)).Next(250);
        var held = await Task.WhenAll(strikes.Select(s => _executioner.StrikeAsync(s, wait, ct)));
        var struck = clock.Elapsed;
        List<Interrupted> interrupted = [.. held.SelectMany(h => h)];
        await _settling.UntilSettledAsync(ct);
        var answered = await inbox.DrainAsync(allows: true, ct);
        var (resumed, ended, stuck) = await UntilTouchedAsync(interrupted, ct);
        var settled = clock.Elapsed;
        await verdict.CheckAsync();

        tally.Rounds++;
        tally.Add(strikes);
        tally.Interrupted.AddRange(interrupted);
        var names = servers.Select(s => s.Name).ToList();
        var what = string.Join(", ", strikes.Select(s => s.Describe(names)));
        Console.WriteLine(
            $"{number,4}  {what,-32} interrupted {interrupted.Count,3}  resumed {resumed,3}  ended {ended,3}  questions {answered,3}  {clock.Elapsed.TotalSeconds,5:0.0} s (strike {struck.TotalSeconds:0.0}, settle {(settled - struck).TotalSeconds:0.0}, check {(clock.Elapsed - settled).TotalSeconds:0.0})"
            + $"{(stuck > 0 ? $"  STUCK {stuck}" : "")}{(verdict.IsClean ? "" : $"  VIOLATED: {string.Join("; ", verdict.Violated)}")}");
    }

    private async Task<(int Resumed, int Ended, int Stuck)> UntilTouchedAsync(List<Interrupted> interrupted, CancellationToken ct)
    {
        var begun = Environment.TickCount64;
        while (true)
        {
            var progress = await Interrupted.ProgressAsync(database, interrupted);
            if (progress.Stuck == 0 || Environment.TickCount64 - begun > Timings.Recovery.TotalMilliseconds)
            {
                return progress;
            }

            await Task.Delay(50, ct);
        }
    }
}
