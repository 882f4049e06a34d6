using System.Diagnostics;
using Minion.Crash.Arena;
using Minion.Crash.Checks;
using Minion.Crash.Load;
using Minion.Crash.Rounds;

namespace Minion.Crash;

/// <summary>Two servers on one database under load: struck in rounds, checked after each.</summary>
internal static class Harness
{
    /// <summary>Whether everything held.</summary>
    public static async Task<bool> RunAsync(CrashOptions options, CancellationToken stop)
    {
        var program = await ServerBuild.PrepareAsync(options.Break, stop);
        using var folder = new WorkFolder();
        await using var database = await Database.StartAsync(folder.Path, stop);
        await using var first = new ServerProcess("A", program, folder.Path, database.ConnectionString);
        await using var second = new ServerProcess("B", program, folder.Path, database.ConnectionString);
        var isGood = false;
        try
        {
            await Task.WhenAll(first.StartAsync(stop), second.StartAsync(stop));
            Console.WriteLine($"seed {options.Seed}: servers A (process {first.ProcessId}) and B (process {second.ProcessId}), lease {Timings.Lease.TotalSeconds} s, {options.Load} runs in flight{(options.Break is null ? "" : $", without the {options.Break} check")}");
            isGood = await RunAsync(options, database, [first, second], stop);
            return isGood;
        }
        finally
        {
            if (!isGood || options.KeepLogs)
            {
                Console.WriteLine($"The servers' logs: {folder.KeepLogs($"crash-{options.Break ?? "whole"}-{options.Seed}")}");
            }
        }
    }

    private static async Task<bool> RunAsync(CrashOptions options, Database database, ServerProcess[] processes, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ledger = new Ledger();
        var servers = new Servers(processes, ledger);
        var watchers = new Watchers(servers, ledger, abort.Token);
        var loader = new Loader(servers, database, ledger, watchers, options.Seed, options.Load);
        var verdict = new Verdict([.. LedgerChecks.Of(database, ledger, watchers), .. JournalChecks.Of(database), OwnerCheck.Of(database)]);
        var inbox = new Inbox(servers, database, ledger);
        var tally = new Tally();
        await loader.PrepareAsync(stop);
        var loading = loader.RunAsync(enough.Token, abort.Token);
        try
        {
            var round = new Round(options, processes, database, inbox, verdict, tally);
            var deadline = TimeSpan.FromMinutes(options.Minutes);
            for (var i = 1; i <= options.Rounds && clock.Elapsed < deadline && (verdict.IsClean || options.KeepGoing); i++)
            {
                await round.RunAsync(i, stop);
            }

            await enough.CancelAsync();
            var drain = verdict.IsClean ? Timings.Drain : TimeSpan.FromSeconds(5);
            await DrainAsync(loading, database, inbox, watchers, drain, stop);
            await verdict.CheckAllAsync();
        }
        finally
        {
            await enough.CancelAsync();
            await abort.CancelAsync();
            await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Report.WriteAsync(Console.Out, tally, ledger, watchers, inbox, verdict, database, clock.Elapsed);
        return verdict.IsClean;
    }

    /// <summary>Lets what is in flight end, with answers for what waits.</summary>
    private static async Task DrainAsync(Task loading, Database database, Inbox inbox, Watchers watchers, TimeSpan most, CancellationToken stop)
    {
        await loading.WaitAsync(most, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var since = Stopwatch.StartNew();
        while (since.Elapsed < most && (await database.QueryAsync<int>("SELECT count(*)::int FROM orchestration.runs WHERE ended_at IS NULL"))[0] > 0)
        {
            await inbox.DrainAsync(stop);
            await Task.Delay(100, stop);
        }

        await watchers.UntilEndedAsync(most);
    }
}
