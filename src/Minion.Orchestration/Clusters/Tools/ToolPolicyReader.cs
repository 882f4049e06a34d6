using System.Globalization;
using System.Text.Json.Nodes;
using Minion.Orchestration.Clusters.Sections;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Tools;

/// <summary>Reads how tools are to be called: the keys that a source and a policy of the section <c>tools</c> share.</summary>
internal static class ToolPolicyReader
{
    private const int MostRules = 50;
    private const int MostExamples = 10;
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestCache = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(365);

    public static IReadOnlyList<string> Keys { get; } =
    [
        "timeout", "retries", "concurrency", "rate", "cache", "cost_usd", "result_limit", "effect", "reversible", "untrusted", "approval", "rules", "permissions",
        "capabilities", "allowed_agents", "denied_agents", "status", "replacement", "owner", "category", "tags", "examples", "error_hints", "masked_arguments",
    ];

    public static void Read(MapReader reader, JsonObject item, Problems problems)
    {
        Section.Put(item, "timeout", reader.Duration("timeout", LeastTimeout, LongestTimeout));
        Section.Put(item, "retries", reader.Whole("retries", 0, 5));
        Section.Put(item, "concurrency", reader.Whole("concurrency", 1, 10_000));
        Section.Put(item, "rate", Rate(reader.Mapping("rate")));
        Section.Put(item, "cache", reader.Duration("cache", TimeSpan.FromSeconds(1), LongestCache));
        if (reader.Amount("cost_usd", 0, 1_000_000) is { } cost)
        {
            item["cost_usd"] = JsonNode.Parse(cost.ToString(CultureInfo.InvariantCulture));
        }

        Section.Put(item, "result_limit", reader.Whole("result_limit", 256, 1024 * 1024));
        Section.Put(item, "effect", Section.OneOf(reader, "effect", problems, "read_only", "idempotent", "side_effect"));
        Put(item, "reversible", Flags.Read(reader, "reversible", problems));
        Put(item, "untrusted", Flags.Read(reader, "untrusted", problems));
        Approval(reader, item, problems);
        Section.Put(item, "rules", Rules(reader, problems));
        Section.Put(item, "permissions", reader.Texts("permissions"));
        Section.Put(item, "capabilities", reader.Texts("capabilities"));
        Section.Put(item, "allowed_agents", reader.Texts("allowed_agents"));
        Section.Put(item, "denied_agents", reader.Texts("denied_agents"));
        Section.Put(item, "status", Section.OneOf(reader, "status", problems, "draft", "review", "approved", "deprecated"));
        Section.Put(item, "replacement", reader.Text("replacement"));
        Section.Put(item, "owner", reader.Text("owner"));
        Section.Put(item, "category", reader.Text("category"));
        Section.Put(item, "tags", reader.Texts("tags"));
        Section.Put(item, "examples", Examples(reader, problems));
        Section.Put(item, "error_hints", Hints(reader));
        Section.Put(item, "masked_arguments", reader.Texts("masked_arguments"));
    }

    private static JsonObject? Rate(MapReader? reader)
    {
        if (reader is null)
        {
            return null;
        }

        var rate = new JsonObject();
        reader.Require("calls", "how many calls, such as 60");
        reader.Require("per", "the time in which so many are allowed, such as 1m");
        Section.Put(rate, "calls", reader.Whole("calls", 1, 1_000_000));
        Section.Put(rate, "per", reader.Duration("per", TimeSpan.FromSeconds(1), LongestPeriod));
        reader.Done();
        return rate;
    }

    /// <summary>One word (never, always, first_time), a condition, or a mapping with one of them under <c>when</c>.</summary>
    private static void Approval(MapReader reader, JsonObject item, Problems problems)
    {
        if (reader.Take("approval") is not YamlMap)
        {
            Section.Put(item, "approval", reader.Text("approval"));
            return;
        }

        var terms = reader.Mapping("approval")!;
        var approval = new JsonObject { ["when"] = terms.RequiredText("when", "never, always, first_time, or a condition such as 'amount > 100'") };
        Section.Put(approval, "assignee", terms.Text("assignee"));
        Section.Put(approval, "timeout", terms.Duration("timeout", TimeSpan.FromSeconds(1), LongestWait));
        Section.Put(approval, "on_timeout", Section.OneOf(terms, "on_timeout", problems, "deny", "approve", "escalate"));
        Section.Put(approval, "escalate_to", terms.Text("escalate_to"));
        terms.Done();
        item["approval"] = approval;
    }

    private static JsonArray Rules(MapReader reader, Problems problems)
    {
        var rules = new JsonArray();
        foreach (var node in Some(reader, "rules", MostRules, "a list, each item with require, deny or approve and a condition", problems))
        {
            if (reader.Within(node) is not { } part)
            {
                continue;
            }

            var rule = new JsonObject();
            foreach (var action in ToolSectionRequest.Actions.Keys)
            {
                Section.Put(rule, action, part.Text(action));
            }

            if (rule.Count != 1)
            {
                problems.Add(node, "must have exactly one of require, deny and approve, with a condition such as 'path under /workspace'");
            }

            Section.Put(rule, "agents", part.Texts("agents"));
            Section.Put(rule, "reason", part.Text("reason"));
            part.Done();
            rules.Add(rule);
        }

        return rules;
    }

    private static JsonArray Examples(MapReader reader, Problems problems)
    {
        var examples = new JsonArray();
        foreach (var node in Some(reader, "examples", MostExamples, "a list, each item with title and arguments", problems))
        {
            if (reader.Within(node) is not { } part)
            {
                continue;
            }

            var example = new JsonObject();
            Section.Put(example, "title", part.Text("title"));
            if (part.Require("arguments", "what the tool is called with, a mapping") is { } arguments)
            {
                example["arguments"] = YamlJson.Convert(arguments, part.Resolve);
            }

            if (part.Take("result") is { } result)
            {
                example["result"] = YamlJson.Convert(result, part.Resolve);
            }

            part.Done();
            examples.Add(example);
        }

        return examples;
    }

    private static JsonArray Hints(MapReader reader)
    {
        var hints = new JsonArray();
        foreach (var part in reader.Items("error_hints", "a list, each item with pattern and hint").Select(reader.Within).OfType<MapReader>())
        {
            hints.Add(new JsonObject
            {
                ["pattern"] = part.RequiredText("pattern", "a regular expression that the failure's message fits"),
                ["hint"] = part.RequiredText("hint", "what the model may do about it"),
            });
            part.Done();
        }

        return hints;
    }

    private static IEnumerable<YamlNode> Some(MapReader reader, string key, int most, string expected, Problems problems)
    {
        var nodes = reader.Items(key, expected);
        if (nodes.Count > most)
        {
            problems.AddUnder(reader.Map, key, $"has {nodes.Count} entries; at most {most} are allowed");
        }

        return nodes.Take(most);
    }

    private static void Put(JsonObject item, string key, bool? flag)
    {
        if (flag is { } given)
        {
            item[key] = given;
        }
    }
}
