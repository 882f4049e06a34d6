using System.Text.Json;
using Google.Protobuf.Collections;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Inbox;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What a call needs and what was said to it, between the tool service's form and the journal's. Pure.</summary>
internal static class ToolInputs
{
    /// <summary>How often a call may need something.</summary>
    public const int MostRounds = 32;

    private const int MostRequests = 16;
    private const int MostMessages = 1_000;
    private const int MostCharacters = 1024 * 1024;
    private const int LongestState = 64 * 1024;
    private const int LongestName = 200;

    /// <summary>What stands in the way of asking; null when nothing does.</summary>
    public static CallFailure? Refusal(CallState call, InputRequired input)
    {
        if (call.InputRounds >= MostRounds)
        {
            return new CallFailure(
                "input_endless", $"The tool '{call.Request.Tool}' has asked for something {MostRounds} times and has not gone on.", "Go on without it.");
        }

        var problem = input.Requests switch
        {
            { Count: 0 } => "it names nothing that it needs",
            { Count: > MostRequests } => $"it needs {input.Requests.Count} things at once; at most {MostRequests} are possible",
            var requests when requests.Any(r => r.Id.Length is 0 or > LongestName) => "a request has no id, or one that is too long",
            var requests when requests.Select(r => r.Id).Distinct(StringComparer.Ordinal).Count() < requests.Count => "two requests have the same id",
            var requests when requests.Any(r => r.KindCase == InputRequest.KindOneofCase.None) => "a request is of no kind that is known",
            var requests when requests.Any(r => r.Model is { Messages.Count: 0 or > MostMessages }) => $"a request for a model has no messages, or more than {MostMessages}",
            var requests when requests.Any(r => r.Question is { } q && FormFields.ProblemOf(q.Schema) is not null) =>
                $"a form cannot be asked for: {requests.Select(r => r.Question).Where(q => q is not null).Select(q => FormFields.ProblemOf(q.Schema)).First(p => p is not null)}",
            _ when input.CalculateSize() > MostCharacters => $"what it needs has more than {MostCharacters} bytes",
            _ when input.State.Length > LongestState => $"its state has more than {LongestState} characters",
            _ => null,
        };
        return problem is null
            ? null
            : new CallFailure("input_invalid", $"The tool '{call.Request.Tool}' needs something said first, and cannot be asked what: {problem}.", "Go on without it.");
    }

    public static InputAsked Read(string tool, InputRequired input) => new(tool, [.. input.Requests.Select(Read)], StoredText.Clean(input.State));

    public static IEnumerable<InputAnswer> Write(InputState input) => input.Given.Select(Write);

    private static NeededInput Read(InputRequest request) => new(StoredText.Clean(request.Id))
    {
        Approval = request.Approval is { } approval ? Read(approval) : null,
        Question = request.Question is { } question
            ? new NeededAnswer(StoredText.Clean(question.Message), Absent(question.Schema), Absent(question.Url))
            : null,
        Model = request.Model is { } model ? Read(model) : null,
    };

    private static NeededApproval Read(ApprovalRequest approval) => new(StoredText.Clean(approval.Reason), StoredText.Clean(approval.Rule))
    {
        Assignee = Absent(approval.Assignee),
        TimeoutSeconds = approval.TimeoutSeconds > 0 ? approval.TimeoutSeconds : null,
        OnTimeout = approval.TimeoutSeconds <= 0 ? null : approval.OnTimeout switch
        {
            ApprovalTerms.Approve => ApprovalTerms.Approve,
            ApprovalTerms.Escalate when approval.EscalateTo.Length > 0 => ApprovalTerms.Escalate,
            _ => ApprovalTerms.Deny,
        },
        EscalateTo = Absent(approval.EscalateTo),
    };

    private static NeededModelCall Read(ModelRequest model) => new([.. model.Messages.Select(m => new NeededMessage(m.Role == "assistant" ? m.Role : "user", StoredText.Clean(m.Text)))])
    {
        System = Absent(model.SystemPrompt),
        MaxTokens = model.MaxTokens > 0 ? model.MaxTokens : null,
        Temperature = model.HasTemperature ? Math.Clamp(model.Temperature, 0, 2) : null,
        Stop = Stops(model.StopSequences),
    };

    private static IReadOnlyList<string>? Stops(RepeatedField<string> stops) => stops.Count == 0 ? null : [.. stops.Take(4).Select(StoredText.Clean)];

    private static InputAnswer Write(GivenInput given)
    {
        var answer = new InputAnswer { Id = given.Id };
        if (given.Model is { } model)
        {
            answer.Model = new ModelAnswer { Text = model.Text, Model = model.Model, StopReason = model.StopReason };
        }
        else if (given.Approved is { } approved)
        {
            answer.Approval = new ApprovalAnswer { Approved = approved, Text = given.Lapsed ? "Nobody answered in time." : given.Text ?? "" };
        }
        else
        {
            answer.Question = new QuestionAnswer
            {
                Action = given.Answered == true ? QuestionAnswer.Types.Action.Accept
                    : given.Lapsed ? QuestionAnswer.Types.Action.Cancel
                    : QuestionAnswer.Types.Action.Decline,
                Content = given.Answered == true ? given.Form ?? JsonSerializer.Serialize(given.Text ?? "", ToolInputsJson.Default.String) : "",
            };
        }

        return answer;
    }

    private static string? Absent(string text) => text.Length == 0 ? null : StoredText.Clean(text);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class ToolInputsJson : System.Text.Json.Serialization.JsonSerializerContext;
