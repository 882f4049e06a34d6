using System.IO.Enumeration;
using Google.Protobuf.Collections;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.Journal;
using Minion.Yaml;

namespace Minion.Orchestration.Agents;

/// <summary>What an agent's rules of approval must be, and which of them counts for a tool.</summary>
internal static class ApprovalRules
{
    public const int Most = 64;
    public const int LongestName = 200;

    public static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(365);

    public const string AssigneeForm = "must have 1 to 200 characters, none of them a control character, and no space at either end";

    /// <summary>Fills in what unspecified fields mean.</summary>
    public static void Normalize(RepeatedField<ApprovalRule> rules)
    {
        foreach (var rule in rules)
        {
            rule.When = rule.When == ApprovalWhen.Unspecified ? ApprovalWhen.Always : rule.When;
            rule.OnTimeout = rule.OnTimeout == TimeoutAction.Unspecified ? TimeoutAction.Deny : rule.OnTimeout;
        }
    }

    public static void Check(RepeatedField<ApprovalRule> rules, string field, Violations violations)
    {
        violations.Check(rules.Count <= Most, field, $"has {rules.Count} entries; at most {Most} are allowed.");
        foreach (var (i, rule) in rules.Take(Most).Index())
        {
            Check(rule, $"{field}[{i}].", violations);
        }
    }

    /// <summary>Whether a name can be that of a principal or a group.</summary>
    public static bool IsAssignee(string name) =>
        name.Length is >= 1 and <= LongestName && name.Trim().Length == name.Length && !name.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    /// <summary>How a person is asked about a call of a tool; null when nobody is.</summary>
    public static ApprovalTerms? TermsOf(AgentDefinition definition, string tool)
    {
        if (definition.Approvals.Count == 0)
        {
            return null;
        }

        var rule = definition.Approvals.FirstOrDefault(r => FileSystemName.MatchesSimpleExpression(r.Tool, tool, ignoreCase: false));
        return rule is null or { When: ApprovalWhen.Never }
            ? null
            : new ApprovalTerms(
                rule.When == ApprovalWhen.FirstTime ? ApprovalTerms.FirstTime : ApprovalTerms.Always,
                rule.Timeout?.ToTimeSpan().TotalSeconds,
                rule.Timeout is null ? null : Text(rule.OnTimeout),
                Absent(rule.Assignee),
                Absent(rule.EscalateTo));
    }

    private static void Check(ApprovalRule rule, string prefix, Violations violations)
    {
        violations.Check(
            rule.Tool.Length is >= 1 and <= 64 && rule.Tool.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '*'), prefix + "tool",
            $"'{Quoted.Cut(rule.Tool, 80)}' is not the name of a tool: 1 to 64 lower-case letters, digits, underscores, and * for any characters.");
        violations.Check(Enum.IsDefined(rule.When), prefix + "when", "must be always, first_time or never.");
        violations.Check(Enum.IsDefined(rule.OnTimeout), prefix + "on_timeout", "must be deny, approve or escalate.");
        violations.Check(
            rule.Timeout is null || IsWithin(rule.Timeout), prefix + "timeout", "must be from 1 second to 365 days, or absent for as long as it takes.");
        violations.Check(
            rule.OnTimeout is TimeoutAction.Unspecified or TimeoutAction.Deny || rule.Timeout is not null, prefix + "on_timeout",
            "needs a timeout: without one it never happens.");
        violations.Check(
            rule.OnTimeout != TimeoutAction.Approve || rule.Tool != EngineToolList.AskPerson, prefix + "on_timeout", "cannot approve a question: use deny or escalate.");
        violations.Check(rule.Assignee.Length == 0 || IsAssignee(rule.Assignee), prefix + "assignee", AssigneeForm + ".");
        violations.Check(
            rule.OnTimeout != TimeoutAction.Escalate || rule.EscalateTo.Length > 0, prefix + "escalate_to", "is missing: who is asked when nobody answers in time.");
        violations.Check(
            rule.EscalateTo.Length == 0 || (rule.OnTimeout == TimeoutAction.Escalate && IsAssignee(rule.EscalateTo)), prefix + "escalate_to",
            rule.OnTimeout == TimeoutAction.Escalate ? AssigneeForm + "." : "is only used with on_timeout: escalate.");
    }

    private static bool IsWithin(Google.Protobuf.WellKnownTypes.Duration timeout) =>
        timeout.Nanos is >= 0 and < 1_000_000_000
        && timeout.Seconds >= LeastTimeout.TotalSeconds
        && (timeout.Seconds < LongestTimeout.TotalSeconds || (timeout.Seconds == (long)LongestTimeout.TotalSeconds && timeout.Nanos == 0));

    private static string Text(TimeoutAction action) => action switch
    {
        TimeoutAction.Approve => ApprovalTerms.Approve,
        TimeoutAction.Escalate => ApprovalTerms.Escalate,
        _ => ApprovalTerms.Deny,
    };

    private static string? Absent(string text) => text.Length == 0 ? null : text;
}
