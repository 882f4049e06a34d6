using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;

namespace Minion.Orchestration.Runs;

/// <summary>Runs and entries as the API shows them.</summary>
internal static class RunMapping
{
    public static Run ToProto(this RunRecord run)
    {
        var result = new Run
        {
            Id = run.Id.ToString(),
            Agent = run.Agent,
            AgentVersion = run.AgentVersion,
            Behaviour = run.Behaviour,
            SessionId = run.SessionId?.ToString() ?? "",
            RequestId = run.RequestId ?? "",
            Status = Parse(run.Status),
            Priority = run.Priority,
            Input = run.Input,
            Output = run.Output ?? "",
            Error = run.Error is { } error ? new RunError { Kind = error.Kind, Message = error.Message, Hint = error.Hint } : null,
            Usage = run.Usage.ToProto(),
            LastSeq = run.NextSeq - 1,
            CreatedAt = run.CreatedAt.ToTimestamp(),
            StartedAt = run.StartedAt?.ToTimestamp(),
            EndedAt = run.EndedAt?.ToTimestamp(),
            Deadline = run.Deadline.ToTimestamp(),
            ForkedFrom = run.ForkedFrom?.ToString() ?? "",
            FromSeq = run.FromSeq,
            Kept = run.Kept,
            RootId = run.RootId.ToString(),
            ParentId = run.ParentId?.ToString() ?? "",
            Depth = run.Depth,
            Label = run.Label,
            Queued = run.IsQueued,
            WakeAt = run.Status == "waiting" ? run.WakeAt?.ToTimestamp() : null,
        };
        // A question that has just been answered stays in the row until a worker has folded the answer.
        result.Questions.AddRange(run.Status == "waiting" ? run.Questions.Select(q => q.ToProto()) : []);
        return result;
    }

    public static Contracts.Orchestration.V1.Entry ToProto(this Journal.Entry entry)
    {
        var result = new Contracts.Orchestration.V1.Entry
        {
            Seq = entry.Seq,
            Step = entry.Step,
            Call = entry.Call,
            Attempt = entry.Attempt,
            StartedAt = entry.StartedAt.ToTimestamp(),
            EndedAt = entry.EndedAt.ToTimestamp(),
            Usage = entry.Usage == default ? null : entry.Usage.ToProto(),
        };
        result.LongTexts.AddRange(LongTextsOf(entry));
        switch (entry.Payload)
        {
            case ContextRecorded context:
                result.Context = new ContextEntry
                {
                    FirstMessage = context.FirstMessage,
                    LastMessage = context.LastMessage,
                    ToolsHash = context.ToolsHash,
                    Pinned = { context.Pinned ?? [] },
                    SummaryId = context.SummaryId,
                    SummaryThrough = context.SummaryThrough,
                    Summarise = { (context.Summarise ?? []).Select(r => new Contracts.Orchestration.V1.MessageRange { First = r.First, Last = r.Last }) },
                    BudgetTokens = context.BudgetTokens,
                    HistoryTokens = context.HistoryTokens,
                    Provided = context.Provided ?? "",
                    NotProvided = { context.NotProvided ?? [] },
                };
                break;
            case ModelAnswered answer:
                result.Model = new ModelEntry
                {
                    Text = answer.Text,
                    FinishReason = answer.FinishReason,
                    Model = answer.Model,
                    Provider = answer.Provider,
                    PromptHash = answer.PromptHash,
                    Reasoning = answer.Reasoning ?? "",
                    Purpose = answer.Purpose ?? "",
                    Summarised = answer.Summarised is { } range ? new Contracts.Orchestration.V1.MessageRange { First = range.First, Last = range.Last } : null,
                    Route = answer.Route is { } route ? ToProto(route) : null,
                };
                result.Model.ToolCalls.AddRange(answer.Calls.Select(ToProto));
                break;
            case CallIntended intent:
                result.Intent = new IntentEntry { Tool = intent.Tool, Arguments = intent.Arguments, IdempotencyKey = intent.Key };
                break;
            case CallReturned outcome:
                result.Tool = new ToolEntry { Tool = outcome.Tool, Result = outcome.Result ?? "", DecidedBy = outcome.DecidedBy, Untrusted = outcome.Untrusted };
                result.Tool.Repairs.AddRange((outcome.Repairs ?? []).Select(r => new ToolRepair { Path = r.Path, What = r.What }));
                if (outcome.Failure is { } failure)
                {
                    result.Tool.Failure = new ToolFailure { Kind = failure.Kind, Message = failure.Message, Hint = failure.Hint };
                }

                break;
            case InputAsked input:
                result.Input = ToProto(input);
                break;
            case ModelHelped helped:
                result.InputModel = new InputModelEntry
                {
                    Tool = helped.Tool,
                    Request = helped.Request,
                    Text = helped.Text,
                    Model = helped.Model,
                    Provider = helped.Provider,
                    PromptHash = helped.PromptHash,
                    Route = helped.Route is { } taken ? ToProto(taken) : null,
                };
                break;
            case AttemptFailed attempt:
                result.AttemptFailed = new AttemptFailedEntry { Kind = attempt.Failure, Message = attempt.Message };
                break;
            case QuestionAsked question:
                result.Question = new QuestionEntry { Question = ToProto(question, entry) };
                break;
            case SignalReceived signal:
                result.Signal = new SignalEntry
                {
                    Id = signal.Id,
                    Kind = signal.Signal,
                    QuestionId = signal.QuestionId ?? "",
                    Choice = signal.Choice ?? "",
                    Text = signal.Text ?? "",
                    Principal = signal.Principal,
                    Arguments = signal.Arguments ?? "",
                };
                break;
            case ChildStarted child:
                result.ChildStarted = new ChildStartedEntry { RunId = child.Child.ToString(), Agent = child.Agent, Label = child.Label, Input = child.Input };
                break;
            case ChildEnded child:
                result.Child = new ChildEntry
                {
                    RunId = child.SignalSeq > 0 ? child.Child.ToString() : "",
                    Agent = child.Agent,
                    Label = child.Label,
                    Status = Parse(child.Status),
                    Output = child.Output ?? "",
                    Failure = child.Failure is { } why ? new ToolFailure { Kind = why.Kind, Message = why.Message, Hint = why.Hint } : null,
                };
                break;
            case QuestionExpired expired:
                result.Expired = new ExpiredEntry
                {
                    QuestionId = expired.Id,
                    Outcome = expired.Outcome,
                    Assignee = expired.Assignee ?? "",
                    DueAt = expired.DueAt?.ToTimestamp(),
                };
                break;
            case TimeReached:
                result.Time = new TimeEntry();
                break;
            case RunCompleted completed:
                result.Completed = new CompletedEntry { Output = completed.Output };
                break;
            case RunFailed failed:
                result.Failed = new FailedEntry { Error = new RunError { Kind = failed.Reason, Message = failed.Message, Hint = failed.Hint } };
                break;
            case RunCancelled cancelled:
                result.Cancelled = new CancelledEntry { Reason = cancelled.Reason, Principal = cancelled.Principal, Partial = cancelled.Partial ?? "" };
                break;
        }

        return result;
    }

    private static InputEntry ToProto(InputAsked input) => new()
    {
        Tool = input.Tool,
        Needs =
        {
            input.Needs.Select(need => new InputNeed
            {
                Id = need.Id,
                Kind = need.Approval is not null ? "approval" : need.Question is not null ? "question" : "model",
                Text = need.Approval?.Reason ?? need.Question?.Message ?? need.Model?.Messages[^1].Text ?? "",
                Rule = need.Approval?.Rule ?? "",
            }),
        },
    };

    private static IEnumerable<LongText> LongTextsOf(Journal.Entry entry)
    {
        var texts = entry.LongTexts.Select(t => new LongText { Field = t.Field, Hash = t.Hash, Bytes = t.Bytes });
        return entry.Payload is CallReturned { Whole: { } whole }
            ? texts.Append(new LongText { Field = "whole_result", Hash = whole.Hash, Bytes = whole.Bytes })
            : texts;
    }

    /// <summary>What the answer under way brings, and what tools say.</summary>
    public static WatchRunResponse ToProto(this LivePart part) => part switch
    {
        LiveDelta { Kind: DeltaKind.Text } text => new WatchRunResponse { Delta = ToProto(text) },
        LiveDelta reasoning => new WatchRunResponse { Reasoning = ToProto(reasoning) },
        LiveCall call => new WatchRunResponse
        {
            ToolCall = new ToolCallAnnounced
            {
                Step = call.Position.Step,
                Epoch = call.Position.Epoch,
                Attempt = call.Position.Attempt,
                ToolCall = ToProto(call.Call),
            },
        },
        LiveOutput output => new WatchRunResponse
        {
            ToolOutput = new ToolOutput
            {
                Step = output.Step,
                Call = output.Call,
                Epoch = output.Position.Epoch,
                Number = output.Position.Number,
                Tool = output.Tool,
                Text = output.Text,
            },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Not a part of an answer."),
    };

    public static ToolCall ToProto(RequestedCall call) => new() { Call = call.Call, Id = call.Id, Tool = call.Tool, Arguments = call.Arguments };

    private static Delta ToProto(LiveDelta delta) => new()
    {
        Step = delta.Position.Step,
        Call = delta.Position.Call,
        Epoch = delta.Position.Epoch,
        Attempt = delta.Position.Attempt,
        Offset = delta.Offset,
        Text = delta.Text,
    };

    public static Contracts.Orchestration.V1.Usage ToProto(this Journal.Usage usage) => new()
    {
        InputTokens = usage.InputTokens,
        OutputTokens = usage.OutputTokens,
        ModelCalls = usage.ModelCalls,
        ToolCalls = usage.ToolCalls,
        CostUsd = usage.CostUsd == 0 ? "" : usage.CostUsd.ToString("0.############", CultureInfo.InvariantCulture),
    };

    public static RunStatus Parse(string status) => status switch
    {
        "ready" => RunStatus.Ready,
        "running" => RunStatus.Running,
        "waiting" => RunStatus.Waiting,
        "completed" => RunStatus.Completed,
        "failed" => RunStatus.Failed,
        "cancelled" => RunStatus.Cancelled,
        _ => RunStatus.Unspecified,
    };

    public static string ToText(this RunStatus status) => status == RunStatus.Unspecified ? "" : status.ToString().ToLowerInvariant();

    private static Question ToProto(this StoredQuestion question)
    {
        var result = new Question
        {
            Id = question.Id,
            Text = question.Text,
            Step = question.Step,
            Call = question.Call,
            Tool = question.Tool,
            Arguments = question.Arguments,
            AskedAt = question.AskedAt.ToTimestamp(),
            Kind = question.Asks ?? QuestionAsked.Uncertain,
            ItemId = question.Item?.ToString() ?? "",
            DueAt = question.DueAt?.ToTimestamp(),
            Form = question.Form ?? "",
            Url = question.Url ?? "",
        };
        result.Choices.AddRange(question.Choices);
        return result;
    }

    private static Question ToProto(QuestionAsked question, Journal.Entry entry) =>
        StoredQuestion.Of(question, entry.Step, entry.Call, entry.EndedAt).ToProto();

    private static Minion.Contracts.Orchestration.V1.RouteTaken ToProto(Journal.RouteTaken route)
    {
        var result = new Minion.Contracts.Orchestration.V1.RouteTaken
        {
            Requested = route.Requested,
            Model = route.Model,
            Policy = route.Policy ?? "",
            Tier = route.Tier ?? "",
            Reason = route.Reason,
            Tried = { route.Tried },
            Degraded = route.Degraded ?? "",
            Escalated = route.Escalated,
        };
        if (route.Difficulty is { } difficulty)
        {
            result.Difficulty = difficulty;
        }

        return result;
    }
}
