using Minion.Crash.Arena;
using Minion.Crash.Checks;
using Minion.Crash.Load;
using Minion.Crash.Rounds;

namespace Minion.Crash;

/// <summary>The totals, and what held.</summary>
internal static class Report
{
    private const string Totals =
        """
        SELECT (SELECT count(*) FROM orchestration.runs), (SELECT count(*) FROM orchestration.entries), (SELECT count(*) FROM crash.calls),
          (SELECT coalesce(max(epoch), 0) FROM orchestration.runs)
        """;

    public static async Task WriteAsync(
        TextWriter output, Tally tally, Ledger ledger, Watchers watchers, Inbox inbox, Verdict verdict, Database database, TimeSpan took)
    {
        var (runs, entries, calls, epochs) = (await database.QueryAsync<(long, long, long, long)>(Totals))[0];
        var (resumed, ended, _) = await Interrupted.ProgressAsync(database, tally.Interrupted);
        var blows = string.Join(", ", Enum.GetValues<Blow>().Where(tally.Blows.ContainsKey).Select(b => $"{tally.Blows[b]} {NameOf(b)}"));
        await output.WriteLineAsync(
            $"""

            {tally.Rounds} rounds in {took.TotalSeconds:0} s: {blows}
              runs        {runs} ({runs / took.TotalSeconds:0}/s), {ledger.Count} acknowledged, {ledger.Repeated} acknowledged again; {entries} entries, {calls} calls counted
              interrupted {tally.Interrupted.Count}, resumed by another worker {resumed}, of them ended {ended}; epochs went up to {epochs}
              questions   {inbox.Answered}: {inbox.Done} calls done, {inbox.Retried} to be made again, {inbox.Approved} approved or answered otherwise
              watchers    {watchers.All.Count} over {watchers.Connections} connections
              calls that clients had to repeat: {(ledger.Errors.Count == 0 ? "none" : string.Join(", ", ledger.Errors.OrderBy(e => e.Key).Select(e => $"{e.Value} {e.Key}")))}

            """);
        verdict.Write(output);
        await output.WriteLineAsync(verdict.IsClean ? "All of it held." : "Not all of it held.");
    }

    private static string NameOf(Blow blow) => blow switch
    {
        Blow.Kill => "kills",
        Blow.Pause => "pauses",
        Blow.Stop => "stops",
        Blow.Cut => "cuts",
        Blow.Part => "partitions",
        Blow.Freeze => "freezes",
        Blow.Deafen => "answers lost",
        Blow.Slow => "delays",
        _ => "kills of PostgreSQL",
    };
}
