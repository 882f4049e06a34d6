using System.Diagnostics;
using Minion.Crash.Arena;
using Minion.Crash.Checks;
using Minion.Crash.Load;
using Minion.Crash.Rounds;

namespace Minion.Crash;

/// <summary>Servers on one database under load: struck in rounds, checked after each.</summary>
internal static class Harness
{
    /// <summary>Whether everything held; or, where invariants were violated on purpose, whether nothing was noticed.</summary>
    public static async Task<bool> RunAsync(CrashOptions options, CancellationToken stop)
    {
        var program = await ServerBuild.PrepareAsync(options.EngineLacks, stop);
        await using var site = await Site.StartAsync(program, options.Servers, withFailpoints: false, stop);
        var isGood = false;
        try
        {
            Console.WriteLine($"seed {options.Seed}: servers {string.Join(", ", site.Servers.Select(s => $"{s.Name} (process {s.ProcessId})"))}, lease {Timings.Lease.TotalSeconds} s, {options.Load} runs in flight{(options.EngineLacks is null ? "" : $", without the {options.Break} check")}");
            isGood = await RunAsync(options, site, stop);
            return isGood;
        }
        finally
        {
            if (!isGood || options.KeepLogs)
            {
                Console.WriteLine($"The same choices again: ./test crash --seed {options.Seed} --load {options.Load} --servers {options.Servers}. The servers' logs: {site.KeepLogs($"crash-{options.Break ?? "whole"}-{options.Seed}")}");
            }
        }
    }

    /// <summary>All that must hold.</summary>
    public static IReadOnlyList<Invariant> Invariants(Database database, Ledger ledger, Watchers watchers) =>
    [
        .. LedgerChecks.Of(database, ledger, watchers),
        .. JournalChecks.Of(database),
        .. EffectChecks.Of(database),
        .. BudgetChecks.Of(database),
        .. TreeChecks.Of(database),
        .. MessageChecks.Of(database),
        .. ScheduleChecks.Of(database),
        OwnerCheck.Of(database),
        ReplayCheck.Of(database),
    ];

    private static async Task<bool> RunAsync(CrashOptions options, Site site, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ledger = new Ledger();
        var servers = new Servers(site.Servers, ledger);
        var watchers = new Watchers(servers, ledger, abort.Token);
        var loader = new Loader(servers, site.Database, ledger, watchers, options.Seed, options.Load);
        var invariants = Invariants(site.Database, ledger, watchers);
        if (options.Violates is { } violated && violated != SelfTest.All && invariants.All(i => i.Name != violated))
        {
            throw new InvalidOperationException($"There is no invariant '{violated}'. There are: {string.Join(", ", invariants.Select(i => i.Name))}.");
        }

        var verdict = new Verdict(invariants);
        var inbox = new Inbox(servers, site.Database, ledger);
        var tally = new Tally();
        await loader.PrepareAsync(stop);
        var loading = loader.RunAsync(enough.Token, abort.Token);
        var answering = inbox.AnswerAtOnceAsync(enough.Token);
        try
        {
            var round = new Round(options, site.Servers, site.Database, inbox, verdict, tally);
            var deadline = TimeSpan.FromMinutes(options.Minutes);
            for (var i = 1; i <= options.Rounds && clock.Elapsed < deadline && (verdict.IsClean || options.KeepGoing); i++)
            {
                await round.RunAsync(i, stop);
            }

            await enough.CancelAsync();
            await loader.StopTheClockAsync(stop);
            var drain = verdict.IsClean ? Timings.Drain : TimeSpan.FromSeconds(5);
            await DrainAsync(loading, site.Database, inbox, watchers, drain, stop);
            await verdict.CheckAllAsync();
        }
        finally
        {
            await enough.CancelAsync();
            await abort.CancelAsync();
            await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Report.WriteAsync(Console.Out, tally, ledger, watchers, inbox, verdict, site.Database, clock.Elapsed);
        return verdict.IsClean && (options.Violates is not { } name || await NothingIsNoticedAsync(site.Database, invariants, name));
    }

    private static async Task<bool> NothingIsNoticedAsync(Database database, IReadOnlyList<Invariant> invariants, string name)
    {
        Console.WriteLine("Violated on purpose:");
        var unnoticed = await new SelfTest(database, invariants).RunAsync(name, Console.Out);
        Console.WriteLine(unnoticed.Count == 0 ? "All of it was noticed." : $"Not noticed: {string.Join(", ", unnoticed)}.");
        return unnoticed.Count > 0;
    }

    /// <summary>Runs that have not ended, and messages and times of which one is still to be started.</summary>
    private const string InFlight =
        """
        SELECT (SELECT count(*) FROM orchestration.runs WHERE ended_at IS NULL)::int + (SELECT count(*) FROM orchestration.deliveries WHERE ended_at IS NULL)::int
          + (SELECT count(*) FROM orchestration.schedule_fires WHERE status = 'due')::int
        """;

    /// <summary>Lets what is in flight end, with answers for what waits.</summary>
    private static async Task DrainAsync(Task loading, Database database, Inbox inbox, Watchers watchers, TimeSpan most, CancellationToken stop)
    {
        await loading.WaitAsync(most, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var since = Stopwatch.StartNew();
        while (since.Elapsed < most && (await database.QueryAsync<int>(InFlight))[0] > 0)
        {
            await inbox.DrainAsync(allows: true, stop);
            await Task.Delay(100, stop);
        }

        await watchers.UntilEndedAsync(most);
    }
}
