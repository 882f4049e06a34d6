using Minion.Contracts.Tools.V1;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Registry;

/// <summary>Puts what policies say in the place of what a tool says of itself.</summary>
internal static class ToolOverlay
{
    /// <param name="tool">What the tool says.</param>
    /// <param name="policies">From the least exact to the most exact.</param>
    public static ToolDescription Apply(ToolDescription tool, IEnumerable<Policy> policies)
    {
        foreach (var policy in policies)
        {
            tool = tool with
            {
                Category = policy.Category.Length > 0 ? policy.Category : tool.Category,
                Owner = policy.Owner.Length > 0 ? policy.Owner : tool.Owner,
                Tags = policy.Tags.Count > 0 ? [.. tool.Tags.Union(policy.Tags, StringComparer.Ordinal)] : tool.Tags,
                Examples = policy.Examples.Count > 0 ? [.. tool.Examples, .. policy.Examples] : tool.Examples,
                ErrorHints = policy.ErrorHints.Count > 0 ? [.. policy.ErrorHints, .. tool.ErrorHints] : tool.ErrorHints,
                Untrusted = policy.HasUntrusted ? policy.Untrusted : tool.Untrusted,
                Policy = Apply(tool.Policy, policy),
            };
        }

        return tool;
    }

    private static ToolPolicy Apply(ToolPolicy own, Policy policy)
    {
        var effect = policy.Effect == Effect.Unspecified ? own.Effect : policy.Effect;
        var retries = policy.HasRetries ? policy.Retries : own.Retries;
        return own with
        {
            Effect = effect,
            Timeout = policy.HasTimeoutMs ? TimeSpan.FromMilliseconds(policy.TimeoutMs) : own.Timeout,
            // Nothing that changes something at each call is ever tried again.
            Retries = effect == Effect.SideEffect ? 0 : retries,
            Concurrency = policy.HasConcurrency ? policy.Concurrency : own.Concurrency,
            Reversible = policy.HasReversible ? policy.Reversible : own.Reversible,
            Rate = policy.Rate is { } rate ? new ToolRate(rate.Calls, TimeSpan.FromSeconds(rate.PeriodSeconds)) : own.Rate,
            CacheFor = effect != Effect.ReadOnly ? TimeSpan.Zero : policy.HasCacheSeconds ? TimeSpan.FromSeconds(policy.CacheSeconds) : own.CacheFor,
            CostUsd = policy.HasCostUsd ? policy.CostUsd : own.CostUsd,
            ResultLimit = policy.HasResultLimit ? policy.ResultLimit : own.ResultLimit,
            Permissions = [.. own.Permissions, .. policy.Permissions.Except(own.Permissions, StringComparer.Ordinal)],
            Capabilities = [.. own.Capabilities, .. policy.Capabilities.Except(own.Capabilities, StringComparer.Ordinal)],
        };
    }
}
