using Microsoft.Extensions.AI;

namespace Minion.Models;

/// <summary>One try to get an answer out of one model: what usage, cost and provider health are counted by.</summary>
/// <param name="Definition">The model that was asked.</param>
/// <param name="Started">When.</param>
/// <param name="Duration">Until its answer had ended, or it failed.</param>
/// <param name="FirstPart">Until the first part of the answer; null when none came.</param>
/// <param name="Usage">The tokens; those of a failed or cancelled attempt are an estimate of what was sent and received.</param>
/// <param name="Estimated">Whether the provider counted no tokens.</param>
/// <param name="Model">The model's name as the answer says it.</param>
/// <param name="Error">How it failed; null when it succeeded.</param>
/// <param name="Cancelled">Whether the caller gave it up.</param>
internal sealed record Attempt(
    ModelDefinition Definition,
    DateTimeOffset Started,
    TimeSpan Duration,
    TimeSpan? FirstPart,
    UsageDetails Usage,
    bool Estimated,
    string? Model,
    ModelErrorKind? Error,
    bool Cancelled)
{
    /// <summary>Whether it answered to its end.</summary>
    public bool Succeeded => Error is null && !Cancelled;
}
