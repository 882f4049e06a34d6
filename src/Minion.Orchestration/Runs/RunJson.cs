using System.Text.Json.Serialization;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs;

/// <summary>Why a run failed or was cancelled, as its row keeps it.</summary>
internal sealed record StoredError(string Kind, string Message, string Hint);

/// <summary>A question that a waiting run shows, as its row keeps it.</summary>
internal sealed record StoredQuestion(
    string Id, string Text, IReadOnlyList<string> Choices, int Step, int Call, string Tool, string Arguments, DateTimeOffset AskedAt)
{
    public string? Asks { get; init; }

    public Guid? Item { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public string? Form { get; init; }

    public string? Url { get; init; }

    public static StoredQuestion Of(QuestionAsked question, int step, int call, DateTimeOffset askedAt) =>
        new(question.Id, question.Text, question.Choices, step, call, question.Tool, question.Arguments, askedAt)
        {
            Asks = question.Asks,
            Item = question.Item,
            DueAt = question.DueAt,
            Form = question.Form,
            Url = question.Url,
        };
}

/// <summary>A call that led to an answer, as the session's message keeps it.</summary>
internal sealed record StoredToolCall(string Tool, string Arguments, string Result, bool Failed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RunLimits))]
[JsonSerializable(typeof(StoredError))]
[JsonSerializable(typeof(IReadOnlyList<StoredQuestion>))]
[JsonSerializable(typeof(IReadOnlyList<StoredToolCall>))]
internal sealed partial class RunJsonContext : JsonSerializerContext;
