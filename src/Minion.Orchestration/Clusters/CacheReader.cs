using Minion.Models;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads <c>cache</c> of a model: which of its answers are kept, and for whom.</summary>
internal static class CacheReader
{
    private const string Modes = "off, exact or semantic";
    private const string Allowances = "tool_calls, side_effects or personal";

    public static CachePolicy? Read(MapReader? reader, Problems problems)
    {
        if (reader is null)
        {
            return null;
        }

        var mode = Mode(reader, problems);
        var allowed = Allowed(reader, problems);
        var policy = new CachePolicy
        {
            Mode = mode,
            Ttl = reader.Duration("ttl", CachePolicy.LeastTtl, CachePolicy.LongestTtl),
            StaleFor = reader.Duration("stale_for", TimeSpan.Zero, CachePolicy.LongestTtl),
            Threshold = reader.Number("threshold", CachePolicy.LeastThreshold, 1),
            ToolCalls = allowed.Contains("tool_calls"),
            SideEffects = allowed.Contains("side_effects"),
            Personal = allowed.Contains("personal"),
        };
        reader.Done();
        return policy;
    }

    private static CacheMode Mode(MapReader reader, Problems problems)
    {
        var node = reader.Require("mode", Modes);
        switch (node is YamlScalar scalar ? reader.Resolve(scalar) : null)
        {
            case "off":
                return CacheMode.Off;
            case "exact":
                return CacheMode.Exact;
            case "semantic":
                return CacheMode.Semantic;
            default:
                if (node is not null)
                {
                    problems.Add(node, $"must be {Modes}");
                }

                return CacheMode.Off;
        }
    }

    private static HashSet<string> Allowed(MapReader reader, Problems problems)
    {
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in reader.Items("allow", $"a list of {Allowances}"))
        {
            if (node is YamlScalar scalar && reader.Resolve(scalar) is "tool_calls" or "side_effects" or "personal")
            {
                allowed.Add(reader.Resolve((YamlScalar)node));
            }
            else
            {
                problems.Add(node, $"must be {Allowances}");
            }
        }

        return allowed;
    }
}
