using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
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
        Texts(policy.AllowedAgents, 200, "allowed_agents");
        Texts(policy.DeniedAgents, 200, "denied_agents");
        Texts(policy.Tags, 20, "tags");
        Texts([policy.Replacement, policy.Owner, policy.Category], 3, "texts");
        Texts(policy.MaskedArguments, 50, "masked_arguments");
        violations.Check(policy.Rules.Count <= 50, $"{path}.rules", $"must have at most 50, but has {policy.Rules.Count}.");
        violations.Check(policy.Examples.Count <= 10, $"{path}.examples", $"must have at most 10, but has {policy.Examples.Count}.");
        violations.Check(policy.ErrorHints.Count <= 50, $"{path}.error_hints", $"must have at most 50, but has {policy.ErrorHints.Count}.");

        void Within(bool given, double value, double least, double most, string field) =>
            violations.Check(!given || (value >= least && value <= most), $"{path}.{field}", FormattableString.Invariant($"must be {least} to {most}, but is {value}."));

        void Texts(IReadOnlyList<string> texts, int most, string field)
        {
            violations.Check(texts.Count <= most, $"{path}.{field}", $"must have at most {most}, but has {texts.Count}.");
            violations.Check(
                texts.All(text => text.Length <= LongestText && !text.Any(char.IsControl)), $"{path}.{field}", $"must be of at most {LongestText} characters each, none of them control characters.");
        }
    }
}
