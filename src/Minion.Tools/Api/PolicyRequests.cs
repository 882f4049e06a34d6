using System.Text.Json;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Minion.Tools.Policies;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Api;

/// <summary>What a policy must satisfy.</summary>
internal static class PolicyRequests
{
    private const int LongestText = 1000;

    public static void Check(Policy? policy, string path, Violations violations)
    {
        if (policy is null)
        {
            return;
        }

        Within(policy.HasTimeoutMs, policy.TimeoutMs, 1, 600_000, "timeout_ms");
        Within(policy.HasRetries, policy.Retries, 0, 5, "retries");
        Within(policy.HasConcurrency, policy.Concurrency, 1, 10_000, "concurrency");
        Within(policy.HasCacheSeconds, policy.CacheSeconds, 0, 30 * 24 * 60 * 60, "cache_seconds");
        Within(policy.HasCostUsd, policy.CostUsd, 0, 1_000_000, "cost_usd");
        Within(policy.HasResultLimit, policy.ResultLimit, 256, 1024 * 1024, "result_limit");
        Within(policy.Rate is not null, policy.Rate?.Calls ?? 0, 1, 1_000_000, "rate.calls");
        Within(policy.Rate is not null, policy.Rate?.PeriodSeconds ?? 0, 1, 86_400, "rate.period_seconds");
        violations.Check(Enum.IsDefined(policy.Effect), $"{path}.effect", "must be read_only, idempotent or side_effect.");
        violations.Check(Enum.IsDefined(policy.Status), $"{path}.status", "must be draft, review, approved or deprecated.");
        violations.Check(
            policy.Status != ToolStatus.Deprecated || policy.Replacement.Length > 0, $"{path}.replacement", "must say what to use instead of a deprecated tool.");
        Texts(policy.Permissions, 20, "permissions");
        Texts(policy.Capabilities, 20, "capabilities");
        Texts(policy.AllowedAgents, 200, "allowed_agents");
        Texts(policy.DeniedAgents, 200, "denied_agents");
        Texts(policy.Tags, 20, "tags");
        Texts([policy.Replacement, policy.Owner, policy.Category], 3, "texts");
        Texts(policy.MaskedArguments, 50, "masked_arguments");
        violations.Check(policy.Rules.Count <= 50, $"{path}.rules", $"must have at most 50, but has {policy.Rules.Count}.");
        violations.Check(policy.Examples.Count <= 10, $"{path}.examples", $"must have at most 10, but has {policy.Examples.Count}.");
        violations.Check(policy.ErrorHints.Count <= 50, $"{path}.error_hints", $"must have at most 50, but has {policy.ErrorHints.Count}.");
        CheckRules(policy, path, violations);
        CheckApproval(policy.Approval, path, violations);
        CheckExamples(policy, path, violations);

        void Within(bool given, double value, double least, double most, string field) =>
            violations.Check(!given || (value >= least && value <= most), $"{path}.{field}", FormattableString.Invariant($"must be {least} to {most}, but is {value}."));

        void Texts(IReadOnlyList<string> texts, int most, string field)
        {
            violations.Check(texts.Count <= most, $"{path}.{field}", $"must have at most {most}, but has {texts.Count}.");
            violations.Check(
                texts.All(text => text.Length <= LongestText && !text.Any(char.IsControl)), $"{path}.{field}", $"must be of at most {LongestText} characters each, none of them control characters.");
        }
    }

    private static void CheckRules(Policy policy, string path, Violations violations)
    {
        foreach (var (i, rule) in policy.Rules.Take(50).Index())
        {
            violations.Check(
                rule.Action != ToolRule.Types.Action.Unspecified && Enum.IsDefined(rule.Action), $"{path}.rules[{i}].action", "must be require, deny or approve.");
            violations.Check(rule.Reason.Length <= LongestText, $"{path}.rules[{i}].reason", $"must have at most {LongestText} characters.");
            violations.Check(rule.Agents.Count <= 200 && rule.Agents.All(agent => agent.Length is > 0 and <= 100), $"{path}.rules[{i}].agents", "must be at most 200 names.");
            CheckCondition(rule.Condition, $"{path}.rules[{i}].condition", violations);
        }
    }

    private static void CheckApproval(ToolApproval? approval, string path, Violations violations)
    {
        if (approval is null)
        {
            return;
        }

        violations.Check(
            approval.When != ToolApproval.Types.When.Unspecified && Enum.IsDefined(approval.When), $"{path}.approval.when", "must be never, always, first_time or condition.");
        violations.Check(approval.Assignee.Length <= 200 && approval.EscalateTo.Length <= 200, $"{path}.approval.assignee", "must have at most 200 characters, and escalate_to too.");
        violations.Check(approval.TimeoutSeconds is >= 0 and <= 366L * 24 * 60 * 60, $"{path}.approval.timeout_seconds", "must be 0 to 31622400.");
        violations.Check(approval.OnTimeout is "" or "deny" or "approve" or "escalate", $"{path}.approval.on_timeout", "must be deny, approve or escalate.");
        violations.Check(approval.OnTimeout != "escalate" || approval.EscalateTo.Length > 0, $"{path}.approval.escalate_to", "must say whom, with on_timeout escalate.");
        if (approval.When == ToolApproval.Types.When.Condition)
        {
            CheckCondition(approval.Condition, $"{path}.approval.condition", violations);
        }
    }

    private static void CheckExamples(Policy policy, string path, Violations violations)
    {
        foreach (var (i, example) in policy.Examples.Take(10).Index())
        {
            violations.Check(example.Title.Length <= 200 && example.Arguments.Length + example.Result.Length <= 4000, $"{path}.examples[{i}]", "must have a title of at most 200 characters, and together 4000 of arguments and result.");
            violations.Check(IsObject(example.Arguments), $"{path}.examples[{i}].arguments", "must be a JSON object.");
        }

        foreach (var (i, hint) in policy.ErrorHints.Take(50).Index())
        {
            violations.Check(hint.Hint.Length is > 0 and <= LongestText, $"{path}.error_hints[{i}].hint", $"must have 1 to {LongestText} characters.");
            try
            {
                violations.Check(hint.Pattern.Length is > 0 and <= 500, $"{path}.error_hints[{i}].pattern", "must have 1 to 500 characters.");
                ErrorHints.Compile(hint.Pattern);
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                violations.Add($"{path}.error_hints[{i}].pattern", $"is no regular expression that can be matched without going back: {exception.Message}");
            }
        }
    }

    private static void CheckCondition(string condition, string path, Violations violations)
    {
        try
        {
            Condition.Parse(condition);
        }
        catch (FormatException exception)
        {
            violations.Add(path, exception.Message + ".");
        }
    }

    private static bool IsObject(string json)
    {
        try
        {
            return JsonElement.Parse(json).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
