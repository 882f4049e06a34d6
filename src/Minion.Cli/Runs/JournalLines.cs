using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>One line for an entry of a journal.</summary>
internal static class JournalLines
{
    private const int Width = 110;

    public static (string Kind, string Text) Describe(Entry entry) => entry.KindCase switch
    {
        Entry.KindOneofCase.Context => ("context", Messages(entry.Context)),
        Entry.KindOneofCase.Model => ("model", Model(entry.Model)),
        Entry.KindOneofCase.Intent => ("intent", Phrases.Short($"{entry.Intent.Tool} {entry.Intent.Arguments}", Width)),
        Entry.KindOneofCase.Tool => ("tool", Tool(entry.Tool)),
        Entry.KindOneofCase.Input => ("input", Phrases.Short($"{entry.Input.Tool} needs {string.Join(" and ", entry.Input.Needs.Select(Need))}", Width)),
        Entry.KindOneofCase.InputModel => ("model", Phrases.Short($"for {entry.InputModel.Tool}: {entry.InputModel.Text}", Width) + Route(entry.InputModel.Route)),
        Entry.KindOneofCase.AttemptFailed => ("attempt failed", Phrases.Short(entry.AttemptFailed.Message, Width)),
        Entry.KindOneofCase.Question => ("question", Question(entry.Question.Question)),
        Entry.KindOneofCase.Signal => ("signal", Signal(entry.Signal)),
        Entry.KindOneofCase.Expired => ("expired", Expired(entry.Expired)),
        Entry.KindOneofCase.ChildStarted => ("child started", Phrases.Short($"{Named(entry.ChildStarted.Agent, entry.ChildStarted.Label)}: {entry.ChildStarted.Input}", Width)),
        Entry.KindOneofCase.Child => ("child", Child(entry.Child)),
        Entry.KindOneofCase.Time => ("time", "the time has come"),
        Entry.KindOneofCase.Completed => ("completed", Phrases.Short(entry.Completed.Output, Width)),
        Entry.KindOneofCase.Failed => ("failed", Phrases.Short(entry.Failed.Error?.Message ?? "", Width)),
        Entry.KindOneofCase.Cancelled => ("cancelled", Phrases.Short($"{entry.Cancelled.Reason} ({entry.Cancelled.Principal})", Width)),
        // A newer server knows kinds that this command line does not.
        _ => ("other", ""),
    };

    /// <summary>Seq, step, kind, text and how long it took.</summary>
    public static string[] Row(Entry entry)
    {
        var (kind, text) = Describe(entry);
        return
        [
            entry.Seq.ToString(),
            entry.Step == 0 ? "" : entry.Step.ToString(),
            kind,
            text,
            Phrases.Took(entry.StartedAt, entry.EndedAt),
        ];
    }

    public static string Line(Entry entry)
    {
        var row = Row(entry);
        return $"{row[0],4}  {(row[1].Length == 0 ? "" : "step " + row[1]),-8}  {row[2],-14}  {row[3]}{(row[4].Length == 0 ? "" : "  " + row[4])}".TrimEnd();
    }

    private static string Named(string agent, string label) => label.Length == 0 || label == agent ? agent : $"{agent} ({label})";

    private static string Child(ChildEntry child) => Phrases.Short(
        $"{Named(child.Agent, child.Label)} {Phrases.Word(child.Status)}: {(child.Status == RunStatus.Completed ? child.Output : child.Failure?.Message)}", Width);

    private static string Messages(ContextEntry context) =>
        (context.LastMessage == 0 ? "no messages before" : $"messages {context.FirstMessage} to {context.LastMessage} of the session")
        + (context.Provided.Length == 0 ? "" : $"; {Phrases.Count(context.Provided.Length)} characters of provided context")
        + string.Concat(context.NotProvided.Select(missing => $"; NOT provided: {missing}"));

    private static string Model(ModelEntry model)
    {
        var calls = string.Join(", ", model.ToolCalls.Select(c => $"{c.Tool} {c.Arguments}"));
        return Phrases.Short(For(model) + (calls.Length == 0 ? model.Text : $"calls {calls}"), Width) + Route(model.Route);
    }

    /// <summary>What the model was called for when that was not the answer.</summary>
    private static string For(ModelEntry model) => model switch
    {
        { Summarised: { } range } => $"summary of the messages {range.First} to {range.Last}: ",
        { Purpose.Length: > 0 } => $"{model.Purpose}: ",
        _ => "",
    };

    /// <summary>Which model, and why: after the text, which may be cut.</summary>
    private static string Route(RouteTaken? route)
    {
        if (route is null)
        {
            return "";
        }

        var tried = route.Tried.Count == 0 ? "" : $"; before it {string.Join(", ", route.Tried)}";
        return $"  [{route.Model}: {Phrases.Short(route.Reason, Width)}{tried}{(route.Degraded.Length == 0 ? "" : $"; degraded: {route.Degraded}")}]";
    }

    private static string Tool(ToolEntry tool) => Phrases.Short(
        tool.Failure is { } failure ? $"{tool.Tool} failed: {failure.Message}" : $"{tool.Tool} = {tool.Result}", Width) + Notes(tool);

    /// <summary>What is to be known of a result beside it.</summary>
    private static string Notes(ToolEntry tool)
    {
        string[] notes = [.. tool.Untrusted ? ["untrusted"] : Array.Empty<string>(), .. tool.Repairs.Select(r => $"{r.Path}: {r.What}")];
        return notes.Length == 0 ? "" : $"  [{Phrases.Short(string.Join("; ", notes), Width)}]";
    }

    private static string Need(InputNeed need) => need.Kind switch
    {
        "approval" when need.Rule.Length > 0 => $"an approval ({need.Rule}): {need.Text}",
        "approval" => $"an approval: {need.Text}",
        "question" => $"an answer: {need.Text}",
        _ => $"the model: {need.Text}",
    };

    private static string Question(Question? question) => Phrases.Short(
        question is null ? "" : question.Kind == "approval" ? $"approve {question.Tool} {question.Arguments}?" : question.Text, Width);

    private static string Expired(ExpiredEntry expired) => Phrases.Short(
        expired.Outcome == "escalate" ? $"nobody answered in time: escalated to {expired.Assignee}" : $"nobody answered in time: {expired.Outcome}", Width);

    private static string Signal(SignalEntry signal) =>
        Phrases.Short($"{signal.Kind} {signal.Choice} {signal.Arguments} {signal.Text} (from {signal.Principal})".Replace("   ", " ", StringComparison.Ordinal).Replace("  ", " ", StringComparison.Ordinal), Width);
}
