using System.Text.RegularExpressions;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Schemas;

namespace Minion.Tools.Registry;

/// <summary>What a tool's description must satisfy. Everything that is wrong is said at once, when the registry is made.</summary>
internal static partial class DescriptionRules
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    public static IEnumerable<string> Problems(ToolDescription tool)
    {
        var policy = tool.Policy;
        (bool Holds, string Problem)[] rules =
        [
            (NameFormat().IsMatch(tool.Name), "Name must be 1 to 64 lower-case letters, digits and underscores, starting with a letter"),
            (tool.Version.Length is > 0 and <= 64, "Version must have 1 to 64 characters"),
            (tool.Description.Length is > 0 and <= 4096, "Description must have 1 to 4096 characters"),
            (policy.Effect != Effect.Unspecified, "Policy.Effect must be given"),
            (policy.Timeout >= TimeSpan.FromMilliseconds(1) && policy.Timeout <= LongestTimeout, "Policy.Timeout must be 1 ms to 10 minutes"),
            (policy.Retries is >= 0 and <= 5, "Policy.Retries must be 0 to 5"),
            (policy.Retries == 0 || policy.Effect != Effect.SideEffect, "Policy.Retries must be 0 for a tool that changes something at each call"),
            (policy.Concurrency is >= 1 and <= 10_000, "Policy.Concurrency must be 1 to 10000"),
            (policy.ResultLimit is >= 256 and <= 1024 * 1024, "Policy.ResultLimit must be 256 to 1048576 bytes"),
            (policy.Rate is null or { Calls: >= 1 and <= 1_000_000, Period.TotalSeconds: >= 1 and <= 86_400 }, "Policy.Rate must be 1 to 1000000 calls in 1 second to 1 day"),
            (policy.CacheFor >= TimeSpan.Zero && policy.CacheFor <= TimeSpan.FromDays(30), "Policy.CacheFor must be 0 to 30 days"),
            (policy.CacheFor == TimeSpan.Zero || policy.Effect == Effect.ReadOnly, "Policy.CacheFor must be 0 for a tool that changes something"),
            (policy.CostUsd is >= 0 and <= 1_000_000, "Policy.CostUsd must be 0 to 1000000"),
            (tool.Examples.Count <= 10 && tool.ErrorHints.Count <= 50, "There must be at most 10 Examples and 50 ErrorHints"),
            (tool.Status != ToolStatus.Unspecified, "Status must be given"),
            (tool.Status != ToolStatus.Deprecated || tool.Replacement.Length > 0, "Replacement must be given for a deprecated tool"),
        ];
        return [.. rules.Where(rule => !rule.Holds).Select(rule => $"{tool.Name}: {rule.Problem}."), .. SchemaProblems(tool)];
    }

    private static IEnumerable<string> SchemaProblems(ToolDescription tool)
    {
        foreach (var (which, schema) in new[] { ("InputSchema", tool.InputSchema), ("OutputSchema", tool.OutputSchema) })
        {
            string? problem = null;
            try
            {
                JsonSchema.Parse(schema);
            }
            catch (SchemaException exception)
            {
                problem = exception.Message;
            }

            if (problem is not null)
            {
                yield return $"{tool.Name}: {which}: {problem}";
            }
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameFormat();
}
