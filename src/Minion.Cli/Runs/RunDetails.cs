using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

internal static class RunDetails
{
    public static string[] Headings { get; } = ["run", "agent", "status", "created", "took", "input"];

    public static string[] Row(Run run, DateTimeOffset now) =>
    [
        run.Id,
        run.Agent,
        Status(run),
        Phrases.Ago(run.CreatedAt, now),
        Phrases.Took(run.CreatedAt, run.EndedAt),
        Phrases.Short(run.Input, 50),
    ];

    public static void Show(Terminal terminal, Run run)
    {
        var now = terminal.Time.GetUtcNow();
        var usage = run.Usage ?? new Usage();
        terminal.Properties(
            ("run", run.Id),
            ("agent", $"{run.Agent} (version {run.AgentVersion}, {run.Behaviour})"),
            ("session", run.SessionId),
            ("started by", run.ParentId.Length > 0 ? $"run {run.ParentId}" : ""),
            ("forked from", run.ForkedFrom.Length > 0 ? $"entry {run.FromSeq} of run {run.ForkedFrom}" : ""),
            ("kept", run.Kept ? "yes" : ""),
            ("status", Status(run)),
            ("goes on", run.WakeAt is { } at && at.ToDateTimeOffset() > now ? $"in {Phrases.For(at.ToDateTimeOffset() - now)}" : ""),
            ("created", Phrases.Ago(run.CreatedAt, now)),
            ("took", Phrases.Took(run.CreatedAt, run.EndedAt)),
            ("used", $"{Phrases.Count(usage.ModelCalls, "model call")}, {Phrases.Count(usage.ToolCalls, "tool call")}, "
                + $"{Phrases.Count(usage.InputTokens, "token")} in, {Phrases.Count(usage.OutputTokens, "token")} out"),
            ("cost", usage.CostUsd.Length > 0 ? $"${usage.CostUsd}" : ""),
            ("input", Phrases.Short(run.Input, 300)),
            ("answer", run.Output),
            ("error", Error(run.Error)));
    }

    private static string Status(Run run) => Phrases.Word(run.Status) + (run.Queued ? " (queued)" : "");

    private static string Error(RunError? error) =>
        error is null || error.Kind.Length + error.Message.Length == 0 ? "" : $"{error.Kind}: {error.Message} {error.Hint}".TrimEnd();
}
