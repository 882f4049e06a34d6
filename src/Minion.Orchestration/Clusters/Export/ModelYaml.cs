using System.Text.Json.Nodes;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Sections;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters.Export;

/// <summary>A model as an entry of <c>models</c> in a cluster file: what <see cref="ModelReader"/> reads.</summary>
internal static class ModelYaml
{
    public static string Text(ModelDefinition model) => YamlText.Write(Node(model));

    /// <summary>Texts that seem to have variables are escaped; the key stays the reference that it is.</summary>
    public static JsonObject Node(ModelDefinition model)
    {
        var node = new JsonObject { ["name"] = model.Name, ["provider"] = model.Provider };
        Section.Put(node, "model", model.Model ?? "");
        Section.Put(node, "url", model.Url ?? "");
        Section.Put(node, "timeout", model.Timeout);
        Section.Put(node, "idle_timeout", model.IdleTimeout);
        Section.Put(node, "context_window", model.ContextWindow);
        Section.Put(node, "max_output", model.MaxOutput);
        Section.Put(node, "price", model.Price is { } price ? Price(price) : null);
        Section.Put(node, "tier", model.Tier ?? "");
        List(node, "failover", model.Failover);
        if (model.Route is { } route)
        {
            Route(node, route);
        }

        if (model.Script is { } script)
        {
            // The store does not keep the order of keys.
            node["script"] = Ordered.Node(JsonNode.Parse(script.GetRawText()));
        }

        Section.Put(node, "cache", model.Cache is { } cache ? Cache(cache) : null);
        var escaped = AgentYaml.Escape(node)!.AsObject();
        if (model.ApiKeyVariable is { } variable)
        {
            escaped.Insert(escaped.IndexOf("url") is >= 0 and var url ? url + 1 : 2, "api_key", $"${{{variable}}}");
        }

        return escaped;
    }

    private static JsonObject Price(ModelPrice price)
    {
        var node = new JsonObject { ["input"] = price.Input };
        Amount(node, "cached_input", price.CachedInput);
        Amount(node, "cache_write", price.CacheWrite);
        node["output"] = price.Output;
        Amount(node, "reasoning", price.Reasoning);
        if (price.LongContext is { } longer)
        {
            var part = new JsonObject { ["over"] = longer.Over, ["input"] = longer.Input };
            Amount(part, "cached_input", longer.CachedInput);
            part["output"] = longer.Output;
            node["long_context"] = part;
        }

        return node;
    }

    private static void Route(JsonObject node, RouteDefinition route)
    {
        Section.Put(node, "policy", route.Policy ?? "");
        List(node, "candidates", route.Candidates);
        if (route.Weights is { } weights)
        {
            node["weights"] = new JsonObject(weights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => KeyValuePair.Create(w.Key, (JsonNode?)w.Value)));
        }

        if (route.Rules is { } rules)
        {
            node["rules"] = new JsonArray([.. rules.Select(Rule)]);
        }

        if (route.Escalate)
        {
            node["escalate"] = true;
        }

        Section.Put(node, "judge", route.Judge ?? "");
        Section.Put(node, "min_score", route.MinScore);
        List(node, "degrade", route.Degrade);
    }

    private static JsonObject Rule(RouteRule rule)
    {
        var node = new JsonObject();
        Section.Put(node, "match", rule.Match ?? "");
        Section.Put(node, "min_tokens", rule.MinTokens);
        Section.Put(node, "max_tokens", rule.MaxTokens);
        Section.Put(node, "min_tools", rule.MinTools);
        Section.Put(node, "agent", rule.Agent ?? "");
        if (rule.Json is { } json)
        {
            node["json"] = json;
        }

        Section.Put(node, "tier", rule.Tier ?? "");
        Section.Put(node, "raise", rule.Raise);
        Section.Put(node, "use", rule.Use ?? "");
        return node;
    }

    private static JsonObject Cache(CachePolicy cache)
    {
        var node = new JsonObject { ["mode"] = cache.Mode.ToString().ToLowerInvariant() };
        Section.Put(node, "ttl", cache.Ttl);
        Section.Put(node, "stale_for", cache.StaleFor);
        Section.Put(node, "threshold", cache.Threshold);
        string?[] allowed = [cache.ToolCalls ? "tool_calls" : null, cache.SideEffects ? "side_effects" : null, cache.Personal ? "personal" : null];
        Section.Put(node, "allow", [.. allowed.OfType<string>()]);
        return node;
    }

    /// <summary>An empty list is another thing than none.</summary>
    private static void List(JsonObject node, string key, IReadOnlyList<string>? names)
    {
        if (names is not null)
        {
            node[key] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]);
        }
    }

    private static void Amount(JsonObject node, string key, decimal? amount)
    {
        if (amount is { } given)
        {
            node[key] = given;
        }
    }
}
