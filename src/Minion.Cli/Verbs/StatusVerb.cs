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
            ("server", $"{address} (version {status.ServerVersion}, up for {Up(status, now)})"),
            ("agents", Counts(status.Agents)),
            ("sessions", $"{status.ActiveSessions} active"),
            ("runs", Counts(status.Runs)));
        foreach (var dependency in status.Dependencies)
        {
            terminal.Properties((dependency.Name, $"{(dependency.Healthy ? "well" : "not well")} {dependency.Detail}".TrimEnd()));
        }

        terminal.Out.WriteLine();
        terminal.Table(
            ["worker", "host", "runs", "heartbeat"],
            status.Workers.Select(w => new[] { w.Id, w.Host, $"{w.HeldRuns} of {w.Capacity}", Phrases.Ago(w.HeartbeatAt, now) }),
            "No workers.");
    }

    private static string Up(GetStatusResponse status, DateTimeOffset now) =>
        status.StartedAt is { } at ? Phrases.For(now - at.ToDateTimeOffset()) : "?";

    private static string Counts(IDictionary<string, long> counts) => counts.Count == 0
        ? "none"
        : string.Join(", ", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key}"));
}
