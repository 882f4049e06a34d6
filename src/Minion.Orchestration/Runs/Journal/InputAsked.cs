using System.Text.Json.Serialization;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>
/// A call needs something said before it can go on, and has changed nothing yet. When all of it is said, the call is made again with the
/// answers and <see cref="State"/>.
/// </summary>
internal sealed record InputAsked(string Tool, IReadOnlyList<NeededInput> Needs, string State) : EntryPayload
{
    public override string Kind => "input";

    public override string? Name => Tool;
}

/// <summary>One thing that a call needs: an approval, a person's answer, or a model's. Exactly one of them is set.</summary>
/// <param name="Id">Its name within the call.</param>
internal sealed record NeededInput(string Id)
{
    public NeededApproval? Approval { get; init; }

    public NeededAnswer? Question { get; init; }

    public NeededModelCall? Model { get; init; }

    /// <summary>Whether a person says it.</summary>
    [JsonIgnore]
    public bool IsForPerson => Model is null;
}

/// <summary>May the call be made?</summary>
internal sealed record NeededApproval(string Reason, string Rule)
{
    public string? Assignee { get; init; }

    public double? TimeoutSeconds { get; init; }

    /// <summary>One of the actions of <see cref="ApprovalTerms"/>.</summary>
    public string? OnTimeout { get; init; }

    public string? EscalateTo { get; init; }
}

/// <summary>A question to a person. <see cref="Form"/> is the JSON Schema of the answer, null for any text; <see cref="Url"/> a page to open instead.</summary>
internal sealed record NeededAnswer(string Message, string? Form, string? Url);

/// <summary>A call of the agent's model, without its tools.</summary>
internal sealed record NeededModelCall(IReadOnlyList<NeededMessage> Messages)
{
    public string? System { get; init; }

    public int? MaxTokens { get; init; }

    public double? Temperature { get; init; }

    public IReadOnlyList<string>? Stop { get; init; }
}

/// <summary>A message of a <see cref="NeededModelCall"/>.</summary>
internal sealed record NeededMessage(string Role, string Text);

/// <summary>The agent's model answered what a call needed. Its usage is the run's.</summary>
/// <param name="Tool">The tool that is called.</param>
/// <param name="Request">What it was needed for: the id of a <see cref="NeededInput"/>.</param>
/// <param name="Text">What the model said.</param>
/// <param name="StopReason"><c>end_turn</c> or <c>max_tokens</c>.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Provider">Its provider.</param>
/// <param name="PromptHash">SHA-256 over the prompt, in hex.</param>
internal sealed record ModelHelped(string Tool, string Request, string Text, string StopReason, string Model, string Provider, string PromptHash) : EntryPayload
{
    /// <summary>Why this model answered; null when there was nothing to choose.</summary>
    public RouteTaken? Route { get; init; }

    public override string Kind => "input_model";

    public override string? Name => Model;
}

/// <summary>What was put right in the arguments of a call before they fitted.</summary>
/// <param name="Path">JSON Pointer into the arguments.</param>
/// <param name="What">What was done.</param>
public sealed record CallRepair(string Path, string What);
