using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class StatusVerb
{
    public static Command Create(Terminal terminal) =>
        new Command("status", "Shows whether the server is well and what it is doing.").Does(terminal, async (invocation, cancellation) =>
        {
            using var connection = invocation.Connect();
            var status = await connection.Status.GetStatusAsync(new GetStatusRequest(), connection.Call(cancellation));
            if (invocation.Json)
            {
                terminal.Document(status);
            }
            else
            {
                Show(terminal, connection.Address, status);
            }

            return status.Dependencies.All(d => d.Healthy) ? ExitCodes.Ok : ExitCodes.Failed;
        });

    private static void Show(Terminal terminal, string address, GetStatusResponse status)
    {
        var now = terminal.Time.GetUtcNow();
        terminal.Properties(
        [
            ("server", $"{address} (version {status.ServerVersion}, up for {Up(status, now)})"),
            ("agents", Counts(status.Agents)),
            ("sessions", $"{status.ActiveSessions} active"),
            ("runs", Counts(status.Runs)),
            ("files", Files(status)),
            .. status.Dependencies.Select(d => (d.Name, $"{(d.Healthy ? "well" : "not well")}: {d.Detail}".TrimEnd(' ', ':'))),
        ]);

        terminal.Out.WriteLine();
        terminal.Table(
            ["worker", "host", "runs", "heartbeat"],
            status.Workers.Select(w => new[] { w.Id, w.Host, $"{w.HeldRuns} of {w.Capacity}", Phrases.Ago(w.HeartbeatAt, now) }),
            "No workers.");
        if (status.AgentActivity.Count > 0)
        {
            terminal.Out.WriteLine();
            terminal.Table(["agent", "", "running", "queued", "waiting", "runs (24 h)", "errors", "p95", "cost", "last used"], status.AgentActivity.Select(a => Row(a, now)), "");
        }

        foreach (var file in status.WatchedFiles.Where(f => f.Error.Length > 0))
        {
            terminal.Out.WriteLine();
            terminal.Red($"{file.File} of the watched folder is not applied as it is{(file.AppliedAt is null ? "" : $"; what it was {Phrases.Ago(file.AppliedAt, now)} holds")}:");
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(Phrases.Printable(file.Error));
        }
    }

    private static string[] Row(AgentActivity agent, DateTimeOffset now) =>
    [
        agent.Agent,
        agent.Active ? "active" : "idle",
        agent.MaxRuns > 0 ? $"{agent.Running} of {agent.MaxRuns}" : agent.Running.ToString(),
        agent.Queued.ToString(),
        agent.Waiting.ToString(),
        Phrases.Count(agent.Runs),
        Phrases.Count(agent.Errors),
        agent.P95 is null ? "" : Phrases.For(agent.P95.ToTimeSpan()),
        agent.CostUsd is "0" or "" ? "" : "$" + agent.CostUsd,
        Phrases.Ago(agent.LastUsedAt, now),
    ];

    private static string Up(GetStatusResponse status, DateTimeOffset now) =>
        status.StartedAt is { } at ? Phrases.For(now - at.ToDateTimeOffset()) : "?";

    private static string Files(GetStatusResponse status) => status.WatchedFiles.Count == 0
        ? ""
        : $"{Phrases.Count(status.WatchedFiles.Count(f => f.Error.Length == 0), "file")} of the watched folder applied, {status.WatchedFiles.Count(f => f.Error.Length > 0)} not";

    private static string Counts(IDictionary<string, long> counts) => counts.Count == 0
        ? "none"
        : string.Join(", ", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key}"));
}
