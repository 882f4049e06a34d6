using System.Globalization;

namespace Minion.Models;

/// <summary>Which model answered a call, and why that one.</summary>
public sealed record RouteReport
{
    /// <summary>The model that was asked for: a router, or a model with others in its place.</summary>
    public required string Requested { get; init; }

    /// <summary>The model that answered; the last that was asked when none did.</summary>
    public string Model { get; set; } = "";

    /// <summary>The provider of <see cref="Model"/>.</summary>
    public string Provider { get; set; } = "";

    /// <summary>The policy of the choice; null when there was a list to go through.</summary>
    public string? Policy { get; init; }

    /// <summary>The tier that the request was sorted into; null when it was not.</summary>
    public string? Tier { get; init; }

    /// <summary>How hard the request is, 0 for an average one; null when nobody looked.</summary>
    public double? Difficulty { get; init; }

    /// <summary>Why that tier: what the difficulty is made of, or the rule.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What was asked before and did not answer, or not well enough: each with its reason.</summary>
    public IList<string> Tried { get; } = [];

    /// <summary>What the answer is less than what was chosen: <c>provider</c>, <c>smaller</c> or <c>stale</c>; null when it is not.</summary>
    public string? Degraded { get; set; }

    /// <summary>Whether a poor answer was thrown away for it.</summary>
    public bool Escalated { get; set; }

    /// <summary>For a person, for example <c>openai/gpt-5, cheapest; complex: difficulty 0.84 (wording +0.52)</c>.</summary>
    public override string ToString()
    {
        var parts = new List<string> { Policy is null ? Model : $"{Model}, {Policy}" };
        parts.AddRange(Reason.Length > 0 ? [Reason] : []);
        parts.AddRange(Tried.Count > 0 ? [$"tried before: {string.Join("; ", Tried)}"] : []);
        parts.AddRange(Degraded is { } step ? [string.Create(CultureInfo.InvariantCulture, $"degraded to {(step == "provider" ? "another provider" : step == "smaller" ? "a smaller model" : "a stale answer")}")] : []);
        return string.Join("; ", parts);
    }
}
