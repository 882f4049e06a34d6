using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools;

/// <summary>How a call ended: a <see cref="ToolResult"/>, a <see cref="ToolFailure"/> or a <see cref="ToolInputRequired"/>.</summary>
public abstract record ToolOutcome
{
    private protected ToolOutcome()
    {
    }

    /// <summary>A result.</summary>
    public static ToolResult Result<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToElement(value, type));

    /// <summary>A failure that stays however often the same call is made.</summary>
    /// <param name="message">What happened, to what; a sentence.</param>
    /// <param name="hint">What the model may do about it; a sentence.</param>
    public static ToolFailure Failed(string message, string hint) => new(Failure.Types.Kind.Failed, message, hint, Retryable: false);

    /// <summary>A failure that may pass: the same call may work later.</summary>
    /// <param name="message">What happened, to what; a sentence.</param>
    /// <param name="hint">What the model may do about it; a sentence.</param>
    public static ToolFailure FailedForNow(string message, string hint) => new(Failure.Types.Kind.Failed, message, hint, Retryable: true);
}

/// <summary>The tool did it.</summary>
/// <param name="Value">JSON that fits the tool's output schema.</param>
public sealed record ToolResult(JsonElement Value) : ToolOutcome
{
    /// <summary>This result came from where anybody may write, also when the tool's results usually do not.</summary>
    public bool Untrusted { get; init; }
}

/// <summary>
/// The tool needs something said first: an approval, an answer of a person, or a model's. It has changed nothing yet. It is called again with
/// the same key, the answers and the state.
/// </summary>
/// <param name="Requests">What is needed; at least one, ids unique within the call.</param>
/// <param name="State">Given back with the answers; at most 64 KiB.</param>
public sealed record ToolInputRequired(IReadOnlyList<InputRequest> Requests, string State = "") : ToolOutcome;

/// <summary>The tool did not do it; the model reads this.</summary>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Message">What happened, to what; a sentence. Never a stack trace or a secret.</param>
/// <param name="Hint">What the model may do about it; a sentence.</param>
/// <param name="Retryable">The same call may work later.</param>
/// <param name="Undecided">The tool changes something, and it is not known whether it did.</param>
public sealed record ToolFailure(Failure.Types.Kind Kind, string Message, string Hint, bool Retryable, bool Undecided = false) : ToolOutcome;
