using System.Text.Json.Nodes;
using Google.Protobuf.Collections;
using Minion.Contracts.Tools.V1;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Tools;

/// <summary>The section <c>tools</c>, as it is kept, in the form of the tool service. Pure.</summary>
internal static class ToolSectionRequest
{
    /// <summary>The keys of a rule.</summary>
    public static IReadOnlyDictionary<string, ToolRule.Types.Action> Actions { get; } = new Dictionary<string, ToolRule.Types.Action>(StringComparer.Ordinal)
    {
        ["require"] = ToolRule.Types.Action.Require,
        ["deny"] = ToolRule.Types.Action.Deny,
        ["approve"] = ToolRule.Types.Action.Approve,
    };

    /// <summary>What a cluster declares; empty when it declares nothing.</summary>
    public static ApplyToolsRequest Of(string cluster, JsonArray? items)
    {
        var request = new ApplyToolsRequest { Cluster = cluster };
        foreach (var item in items?.OfType<JsonObject>() ?? [])
        {
            var name = item["name"]!.GetValue<string>();
            if (ToolSectionReader.KindOf(item) is { } kind)
            {
                request.Sources.Add(new ToolSource { Name = name, Kind = kind, Settings = item[kind]?.ToJsonString() ?? "{}", Policy = Policy(item) });
            }
            else
            {
                request.Policies.Add(new NamedPolicy { Name = name, Policy = Policy(item) });
            }
        }

        return request;
    }

    private static ToolPolicy Policy(JsonObject item)
    {
        var policy = new ToolPolicy
        {
            Rate = item["rate"] is JsonObject rate ? new RateLimit { Calls = Whole(rate, "calls") ?? 0, PeriodSeconds = Seconds(rate, "per") ?? 0 } : null,
            Effect = Enum.Parse<Effect>(Word(item, "effect"), ignoreCase: true),
            Approval = Approval(item["approval"]),
            Status = Enum.Parse<ToolStatus>(Word(item, "status"), ignoreCase: true),
            Replacement = Text(item, "replacement"),
            Owner = Text(item, "owner"),
            Category = Text(item, "category"),
            Rules = { Items(item, "rules").Select(Rule) },
            Examples = { Items(item, "examples").Select(Example) },
            ErrorHints = { Items(item, "error_hints").Select(h => new ErrorHint { Pattern = Text(h, "pattern"), Hint = Text(h, "hint") }) },
        };
        Fill(policy, item);
        Add(policy.Permissions, item, "permissions");
        Add(policy.Capabilities, item, "capabilities");
        Add(policy.AllowedAgents, item, "allowed_agents");
        Add(policy.DeniedAgents, item, "denied_agents");
        Add(policy.Tags, item, "tags");
        Add(policy.MaskedArguments, item, "masked_arguments");
        return policy;
    }

    /// <summary>What is absent stays as the tool itself says.</summary>
    private static void Fill(ToolPolicy policy, JsonObject item)
    {
        if (Duration(item, "timeout") is { } timeout)
        {
            policy.TimeoutMs = (int)timeout.TotalMilliseconds;
        }

        if (Whole(item, "retries") is { } retries)
        {
            policy.Retries = retries;
        }

        if (Whole(item, "concurrency") is { } concurrency)
        {
            policy.Concurrency = concurrency;
        }

        if (Seconds(item, "cache") is { } cache)
        {
            policy.CacheSeconds = cache;
        }

        if (item["cost_usd"] is { } cost)
        {
            policy.CostUsd = (double)Number(cost);
        }

        if (Whole(item, "result_limit") is { } limit)
        {
            policy.ResultLimit = limit;
        }

        if (item["reversible"] is { } reversible)
        {
            policy.Reversible = reversible.GetValue<bool>();
        }

        if (item["untrusted"] is { } untrusted)
        {
            policy.Untrusted = untrusted.GetValue<bool>();
        }
    }

    private static ToolApproval? Approval(JsonNode? node)
    {
        if (node is not JsonObject terms)
        {
            return node is null ? null : When(new ToolApproval(), node.GetValue<string>());
        }

        var approval = new ToolApproval
        {
            Assignee = Text(terms, "assignee"),
            TimeoutSeconds = Seconds(terms, "timeout") ?? 0,
            OnTimeout = Text(terms, "on_timeout"),
            EscalateTo = Text(terms, "escalate_to"),
        };
        return When(approval, Text(terms, "when"));
    }

    private static ToolApproval When(ToolApproval approval, string when)
    {
        approval.When = when switch
        {
            "never" => ToolApproval.Types.When.Never,
            "always" => ToolApproval.Types.When.Always,
            "first_time" => ToolApproval.Types.When.FirstTime,
            _ => ToolApproval.Types.When.Condition,
        };
        approval.Condition = approval.When == ToolApproval.Types.When.Condition ? when : "";
        return approval;
    }

    private static ToolRule Rule(JsonObject rule)
    {
        var action = Actions.Keys.FirstOrDefault(rule.ContainsKey) ?? "";
        var result = new ToolRule { Action = Actions.GetValueOrDefault(action), Condition = Text(rule, action), Reason = Text(rule, "reason") };
        Add(result.Agents, rule, "agents");
        return result;
    }

    private static ToolExample Example(JsonObject example) => new()
    {
        Title = Text(example, "title"),
        Arguments = example["arguments"]?.ToJsonString() ?? "{}",
        Result = example["result"]?.ToJsonString() ?? "",
    };

    /// <summary><c>read_only</c> as the enum has it; the unspecified one when absent.</summary>
    private static string Word(JsonObject item, string key) => Text(item, key) is { Length: > 0 } word ? word.Replace("_", "", StringComparison.Ordinal) : "Unspecified";

    private static string Text(JsonObject item, string key) => item[key]?.GetValue<string>() ?? "";

    private static int? Whole(JsonObject item, string key) => item[key] is { } node ? (int)Number(node) : null;

    private static int? Seconds(JsonObject item, string key) => Duration(item, key) is { } time ? (int)time.TotalSeconds : null;

    private static TimeSpan? Duration(JsonObject item, string key) => item[key] is { } node ? DurationText.Parse(node.GetValue<string>()) : null;

    private static decimal Number(JsonNode node) => decimal.Parse(node.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<JsonObject> Items(JsonObject item, string key) => (item[key] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static void Add(RepeatedField<string> to, JsonObject item, string key) => to.Add((item[key] as JsonArray)?.Select(t => t!.GetValue<string>()) ?? []);
}
