using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Inbox;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>What a run waits for a person to say.</summary>
internal static class Questions
{
    private const string Approval = "approval";
    private const string Approve = "approve";
    private const string Edit = "edit";
    private const string Accept = "accept";

    public static void Show(TextWriter output, string runId, IEnumerable<Question> questions)
    {
        foreach (var question in questions)
        {
            output.WriteLine($"Run {runId} waits for an answer: {Phrases.Printable(question.Text)}");
            if (question.Kind == Approval)
            {
                output.WriteLine($"  {question.Tool} {Phrases.Short(question.Arguments, 500)}");
            }

            output.WriteLine(HowTo(runId, question));
        }
    }

    /// <summary>Asks until an answer fits, and sends it. Does nothing when somebody else has answered meanwhile.</summary>
    public static async Task AskAsync(Terminal terminal, Connection connection, string runId, Question question, CancellationToken cancellation)
    {
        if (!await IsOpenAsync(connection, runId, question, cancellation))
        {
            return;
        }

        var mayEdit = question.Kind == Approval;
        Introduce(terminal, question, mayEdit);
        while (true)
        {
            var line = await terminal.ReadLineAsync("? ", cancellation)
                ?? throw new CliFailure(ExitCodes.Waits, "waits", $"Run {runId} waits for an answer.", HowTo(runId, question).Trim());
            var choices = mayEdit ? [.. question.Choices, Edit] : question.Choices.ToList();
            (string Choice, string Text)? answer = choices.Count == 0 ? (line.Trim().Length == 0 ? null : ("", line.Trim())) : Parse(line, choices);
            if (answer is null)
            {
                terminal.Out.WriteLine(choices.Count == 0 ? "  Type the answer." : $"  That is none of {string.Join(", ", choices)}.");
                continue;
            }

            var form = "";
            if (question.Form.Length > 0 && answer.Value.Choice == Accept)
            {
                form = await FormPrompt.AskAsync(terminal, question.Form, cancellation)
                    ?? throw new CliFailure(ExitCodes.Waits, "waits", $"Run {runId} waits for an answer.", HowTo(runId, question).Trim());
            }

            try
            {
                await SendAsync(connection, runId, question, answer.Value, form, cancellation);
                return;
            }
            catch (RpcException refused) when (refused.StatusCode == StatusCode.InvalidArgument)
            {
                terminal.Out.WriteLine($"  {Phrases.Printable(refused.Status.Detail)}");
            }
            catch (RpcException late) when (late.StatusCode == StatusCode.FailedPrecondition)
            {
                terminal.Out.WriteLine($"  {Phrases.Printable(late.Status.Detail)}");
                return;
            }
        }
    }

    /// <summary>The choice is the first word, or the beginning of exactly one choice; the rest is text.</summary>
    internal static (string Choice, string Text)? Parse(string line, IReadOnlyList<string> choices)
    {
        var parts = line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        var exact = choices.FirstOrDefault(c => c.Equals(parts[0], StringComparison.OrdinalIgnoreCase) || c.Equals(line.Trim(), StringComparison.OrdinalIgnoreCase));
        var begun = choices.Where(c => parts[0].Length > 0 && c.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase)).ToList();
        var choice = exact ?? (begun.Count == 1 ? begun[0] : null);
        return choice is null ? null : (choice, parts.Length > 1 && !choice.Equals(line.Trim(), StringComparison.OrdinalIgnoreCase) ? parts[1] : "");
    }

    private static void Introduce(Terminal terminal, Question question, bool mayEdit)
    {
        terminal.Bold($"? {Phrases.Printable(question.Text)}");
        terminal.Out.WriteLine();
        if (mayEdit)
        {
            terminal.Out.WriteLine($"  {question.Tool} {Phrases.Printable(question.Arguments)}");
        }

        if (question.Url.Length > 0)
        {
            terminal.Out.WriteLine($"  Open {Phrases.Printable(question.Url)}");
        }

        terminal.Dim(question.Choices.Count == 0
            ? "  Type the answer."
            : $"  Type one of {string.Join(", ", question.Choices)}, and after it, if you like, what the agent should know."
                + (mayEdit ? $" '{Edit} {{…}}' approves it with other arguments." : ""));
        terminal.Out.WriteLine();
    }

    private static string HowTo(string runId, Question question) => question.ItemId.Length > 0
        ? InboxOutput.HowTo(question.ItemId, question.Choices, question.Kind == Approval, question.Form)
        : $"  minion run answer {runId} --question {question.Id} --choice {string.Join('|', question.Choices)} [--text \"…\"]";

    private static async Task<bool> IsOpenAsync(Connection connection, string runId, Question question, CancellationToken cancellation)
    {
        if (question.ItemId.Length > 0)
        {
            var item = await connection.Inbox.GetItemAsync(new GetItemRequest { Id = question.ItemId }, connection.Call(cancellation));
            return item.Item.Status == InboxStatus.Open;
        }

        var run = (await connection.Runs.GetRunAsync(new GetRunRequest { Id = runId }, connection.Call(cancellation))).Run;
        return run.Questions.Any(q => q.Id == question.Id);
    }

    private static async Task SendAsync(
        Connection connection, string runId, Question question, (string Choice, string Text) answer, string form, CancellationToken cancellation)
    {
        if (question.ItemId.Length == 0)
        {
            await connection.Runs.AnswerAsync(
                new AnswerRequest { RunId = runId, QuestionId = question.Id, Choice = answer.Choice, Text = answer.Text }, connection.Call(cancellation));
            return;
        }

        var isEdit = question.Kind == Approval && answer.Choice == Edit;
        await connection.Inbox.AnswerItemAsync(
            new AnswerItemRequest
            {
                Id = question.ItemId,
                Choice = isEdit ? Approve : answer.Choice,
                Text = isEdit ? "" : answer.Text,
                Arguments = isEdit ? answer.Text : form,
            },
            connection.Call(cancellation));
    }
}
