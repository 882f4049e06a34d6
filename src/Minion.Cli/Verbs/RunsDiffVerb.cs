using System.CommandLine;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunsDiffVerb
{
    /// <summary>Entries that are shown of those that are the same: the last ones.</summary>
    private const int Most = 20;

    public static Command Create(Terminal terminal)
    {
        var one = new Argument<string>("run") { Description = "A run's id." };
        var other = new Argument<string>("other") { Description = "Another run's id." };
        return new Command("diff", "Compares two runs: their journals up to the first difference, and what each took and came to.") { one, other }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new DiffRunsRequest { RunId = invocation.Get(one)!, OtherRunId = invocation.Get(other)! };
                var response = await connection.History.DiffRunsAsync(request, connection.Call(cancellation));
                if (invocation.Json)
                {
                    invocation.Terminal.Document(response);
                    return ExitCodes.Ok;
                }

                await WriteAsync(invocation.Terminal, connection, response, cancellation);
                return ExitCodes.Ok;
            });
    }

    private static async Task WriteAsync(Terminal terminal, Connection connection, DiffRunsResponse diff, CancellationToken cancellation)
    {
        var from = Math.Max(0, diff.SameEntries - Most);
        var shown = diff.SameEntries - from;
        var same = shown == 0
            ? []
            : (await connection.Runs.ListEntriesAsync(
                new ListEntriesRequest { RunId = diff.Run.Id, AfterSeq = from, Limit = (int)shown }, connection.Call(cancellation))).Entries.ToList();
        if (from > 0)
        {
            terminal.Dim($"{Phrases.Count(from, "entry", "entries")} before are the same.\n");
        }

        var rows = same.Select(e => Row("", e, e)).ToList();
        if (diff.First is not null || diff.OtherFirst is not null)
        {
            rows.Add(Row("≠", diff.First, diff.OtherFirst));
        }

        terminal.Table(["", "seq", "step", "one", "other"], rows, "Both journals are empty.");
        terminal.Out.WriteLine(diff.First is null && diff.OtherFirst is null ? "The same throughout." : $"They differ from entry {diff.SameEntries + 1} on.");
        terminal.Out.WriteLine();
        terminal.Table(
            ["", "one", "other"],
            [
                ["run", diff.Run.Id, diff.Other.Id],
                ["status", Phrases.Word(diff.Run.Status), Phrases.Word(diff.Other.Status)],
                ["agent", $"{diff.Run.Agent} {diff.Run.AgentVersion}", $"{diff.Other.Agent} {diff.Other.AgentVersion}"],
                ["steps", Phrases.Count(diff.Steps), Phrases.Count(diff.OtherSteps)],
                ["tokens", Tokens(diff.Run), Tokens(diff.Other)],
                ["cost", Cost(diff.Run), Cost(diff.Other)],
                ["took", Phrases.Took(diff.Run.CreatedAt, diff.Run.EndedAt), Phrases.Took(diff.Other.CreatedAt, diff.Other.EndedAt)],
                ["output", Phrases.Short(diff.Run.Output, 60), Phrases.Short(diff.Other.Output, 60)],
            ],
            "");
    }

    private static string[] Row(string mark, Entry? one, Entry? other)
    {
        var entry = one ?? other!;
        return [mark, $"{entry.Seq}", entry.Step == 0 ? "" : $"{entry.Step}", Text(one), ReferenceEquals(one, other) ? "=" : Text(other)];
    }

    private static string Text(Entry? entry)
    {
        if (entry is null)
        {
            return "(ended)";
        }

        var (kind, text) = JournalLines.Describe(entry);
        return $"{kind}: {Phrases.Short(text, 60)}";
    }

    private static string Tokens(Run run) => $"{Phrases.Count(run.Usage?.InputTokens ?? 0)} in, {Phrases.Count(run.Usage?.OutputTokens ?? 0)} out";

    private static string Cost(Run run) => run.Usage is { CostUsd.Length: > 0 } usage ? $"${usage.CostUsd}" : "";
}
