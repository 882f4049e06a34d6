using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Agents;

/// <summary>What an agent's settings for its sessions must be.</summary>
internal static class ContextRules
{
    public const long LeastTokens = 100;
    public const long MostTokens = 100_000_000;
    public const int MostKept = 200;

    public static void Check(ContextSettings? context, string prefix, Violations violations)
    {
        if (context is null)
        {
            return;
        }

        violations.Check(
            context.MaxTokens is 0 or (>= LeastTokens and <= MostTokens), prefix + "max_tokens",
            $"must be a whole number from {LeastTokens} to {MostTokens}, or 0 for what the model's window leaves, not {context.MaxTokens}.");
        violations.Check(
            context.KeepLast is >= 0 and <= MostKept, prefix + "keep_last",
            $"must be a whole number from 1 to {MostKept}, or 0 for the default, not {context.KeepLast}.");
    }

    /// <summary>Null when nothing is set.</summary>
    public static ContextSettings? Normalize(ContextSettings? context) =>
        context is { MaxTokens: 0, KeepLast: 0, HasSummarize: false } ? null : context;
}
