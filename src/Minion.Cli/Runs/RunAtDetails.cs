using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>What a run knew at a point of its journal.</summary>
internal static class RunAtDetails
{
    public static void Show(Terminal terminal, GetRunAtResponse at)
    {
        var usage = at.Usage ?? new Usage();
        terminal.Properties(
            ("run", at.Run.Id),
            ("at", $"entry {at.LastSeq} of {at.Run.LastSeq}, step {at.Step}"),
            ("used", $"{Phrases.Count(usage.ModelCalls, "model call")}, {Phrases.Count(usage.ToolCalls, "tool call")}, "
                + $"{Phrases.Count(usage.InputTokens, "token")} in, {Phrases.Count(usage.OutputTokens, "token")} out"),
            ("cost", usage.CostUsd.Length > 0 ? $"${usage.CostUsd}" : ""),
            ("open calls", string.Join(", ", at.OpenCalls)),
            ("children", string.Join(", ", at.OpenChildren)),
            ("ended", at.Ended == RunStatus.Unspecified ? "" : Phrases.Word(at.Ended)),
            ("next", at.Next));
    }
}
