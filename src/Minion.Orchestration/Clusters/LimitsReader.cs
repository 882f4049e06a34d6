using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads limits, of an agent or of the cluster's resource policy.</summary>
internal static class LimitsReader
{
    public static Limits Read(MapReader? reader)
    {
        var limits = new Limits();
        if (reader is null)
        {
            return limits;
        }

        limits.MaxSteps = (int)(reader.Whole("max_steps", 1, AgentRules.MostSteps) ?? 0);
        limits.MaxTokens = reader.Whole("max_tokens", 1, long.MaxValue) ?? 0;
        limits.MaxCostUsd = reader.Amount("max_cost_usd", 0.000001m, 1_000_000_000)?.ToString(CultureInfo.InvariantCulture) ?? "";
        limits.Timeout = reader.Duration("timeout", AgentRules.LeastTimeout, AgentRules.LongestTimeout) is { } timeout ? Duration.FromTimeSpan(timeout) : null;
        limits.IdleTimeout = reader.Duration("idle_timeout", AgentRules.LeastTimeout, AgentRules.LongestTimeout) is { } idle ? Duration.FromTimeSpan(idle) : null;
        limits.MaxDepth = (int)(reader.Whole("max_depth", 1, RunLimits.HighestMaxDepth) ?? 0);
        limits.MaxChildren = (int)(reader.Whole("max_children", 1, RunLimits.HighestMaxChildren) ?? 0);
        reader.Done();
        return limits;
    }

    /// <summary>The agent's own limits; the policy's where it has none.</summary>
    public static Limits Fill(Limits own, Limits policy) => new()
    {
        MaxSteps = own.MaxSteps == 0 ? policy.MaxSteps : own.MaxSteps,
        MaxTokens = own.MaxTokens == 0 ? policy.MaxTokens : own.MaxTokens,
        MaxCostUsd = own.MaxCostUsd.Length == 0 ? policy.MaxCostUsd : own.MaxCostUsd,
        Timeout = (own.Timeout ?? policy.Timeout)?.Clone(),
        IdleTimeout = (own.IdleTimeout ?? policy.IdleTimeout)?.Clone(),
        MaxDepth = own.MaxDepth == 0 ? policy.MaxDepth : own.MaxDepth,
        MaxChildren = own.MaxChildren == 0 ? policy.MaxChildren : own.MaxChildren,
    };
}
