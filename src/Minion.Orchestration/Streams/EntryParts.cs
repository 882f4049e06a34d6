using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;
using JournalEntry = Minion.Orchestration.Runs.Journal.Entry;

namespace Minion.Orchestration.Streams;

/// <summary>Parts, made of what the journal or the answer under way says.</summary>
internal static class EntryParts
{
    public static StreamPart At(this StreamPart part, long seq, int step)
    {
        (part.Seq, part.Step) = (seq, step);
        return part;
    }

    public static StreamPart Text(DeltaKind kind, string text, string? purpose)
    {
        var part = new TextPart { Text = text, Purpose = purpose ?? "" };
        return kind == DeltaKind.Text ? new StreamPart { Text = part } : new StreamPart { Reasoning = part };
    }

    public static StreamPart Call(RequestedCall call) =>
        new() { ToolCall = new ToolCallPart { Call = call.Call, Id = call.Id, Tool = call.Tool, Arguments = call.Arguments } };

    public static StreamPart Output(LiveOutput output) => new() { ToolOutput = new ToolOutputPart { Call = output.Call, Tool = output.Tool, Text = output.Text } };

    public static StreamPart Restarted(int attempt) => new() { Restarted = new RestartedPart { Attempt = attempt } };

    /// <summary>The one part of an entry, besides what an answer says; null for what is of the engine's own.</summary>
    public static StreamPart? Of(JournalEntry entry) => entry.Payload switch
    {
        ModelAnswered or ModelHelped => new StreamPart { Usage = entry.Usage.ToProto() },
        CallReturned => ToolResult(entry),
        ChildStarted or ChildEnded => new StreamPart { ChildRun = ChildRun(entry.ToProto()) },
        QuestionAsked => new StreamPart { ApprovalWanted = entry.ToProto().Question.Question },
        _ => null,
    };

    private static StreamPart ToolResult(JournalEntry entry)
    {
        var tool = entry.ToProto();
        return new StreamPart
        {
            ToolResult = new ToolResultPart { Call = entry.Call, Tool = tool.Tool.Tool, Result = tool.Tool.Result, Failure = tool.Tool.Failure, Usage = tool.Usage },
        };
    }

    private static ChildRunPart ChildRun(Contracts.Orchestration.V1.Entry entry) => entry.ChildStarted is { } started
        ? new ChildRunPart { ChildRunId = started.RunId, Agent = started.Agent, Label = started.Label, Status = RunStatus.Running }
        : new ChildRunPart
        {
            ChildRunId = entry.Child.RunId,
            Agent = entry.Child.Agent,
            Label = entry.Child.Label,
            Status = entry.Child.Status,
            Output = entry.Child.Output,
            Failure = entry.Child.Failure,
            Usage = entry.Usage,
        };
}
