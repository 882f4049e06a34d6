using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>What a run waits for a person to say.</summary>
internal static class Questions
{
    public static void Show(TextWriter output, string runId, IEnumerable<Question> questions)
    {
        foreach (var question in questions)
        {
            output.WriteLine($"Run {runId} waits for an answer: {Phrases.Printable(question.Text)}");
            output.WriteLine($"  minion run answer {runId} --question {question.Id} --choice {string.Join('|', question.Choices)} [--text \"…\"]");
        }
    }

    /// <summary>Asks until one of the choices is given, and sends it. Does nothing when somebody else has answered meanwhile.</summary>
    public static async Task AskAsync(Terminal terminal, Connection connection, string runId, string questionId, CancellationToken cancellation)
    {
        var run = (await connection.Runs.GetRunAsync(new GetRunRequest { Id = runId }, connection.Call(cancellation))).Run;
        if (run.Questions.FirstOrDefault(q => q.Id == questionId) is not { } question)
        {
            return;
        }

        terminal.Bold($"? {Phrases.Printable(question.Text)}");
        terminal.Out.WriteLine();
        terminal.Dim($"  Type one of {string.Join(", ", question.Choices)}, and after it, if you like, what the agent should know.");
        terminal.Out.WriteLine();
        while (true)
        {
            var line = await terminal.ReadLineAsync("? ", cancellation)
                ?? throw new CliFailure(ExitCodes.Waits, "waits", $"Run {runId} waits for an answer.", $"minion run answer {runId} --question {question.Id} --choice …");
            if (Parse(line, question.Choices) is { } answer)
            {
                await connection.Runs.AnswerAsync(
                    new AnswerRequest { RunId = runId, QuestionId = question.Id, Choice = answer.Choice, Text = answer.Text },
                    connection.Call(cancellation));
                return;
            }

            terminal.Out.WriteLine($"  That is none of {string.Join(", ", question.Choices)}.");
        }
    }

    /// <summary>The choice is the first word, or the beginning of exactly one choice; the rest is text.</summary>
    internal static (string Choice, string Text)? Parse(string line, IReadOnlyList<string> choices)
    {
        var parts = line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        var exact = choices.FirstOrDefault(c => c.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
        var begun = choices.Where(c => parts[0].Length > 0 && c.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase)).ToList();
        var choice = exact ?? (begun.Count == 1 ? begun[0] : null);
        return choice is null ? null : (choice, parts.Length > 1 ? parts[1] : "");
    }
}
