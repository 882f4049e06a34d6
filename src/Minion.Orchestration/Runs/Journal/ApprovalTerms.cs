namespace Minion.Orchestration.Runs.Journal;

/// <summary>
/// How a person is asked about a call, as the agent's version says it: kept with the call, so that what is decided needs the journal only.
/// </summary>
internal sealed record ApprovalTerms(string When, double? TimeoutSeconds, string? OnTimeout, string? Assignee, string? EscalateTo)
{
    public const string Always = "always";
    public const string FirstTime = "first_time";

    public const string Deny = "deny";
    public const string Approve = "approve";
    public const string Escalate = "escalate";

    public DateTimeOffset? DueAt(DateTimeOffset from) => TimeoutSeconds is { } seconds ? from.AddSeconds(seconds) : null;
}
