using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Sections;
using Minion.Yaml;

namespace Minion.Orchestration.Tests.Clusters.Export;

/// <summary>A valid cluster from a seed, with texts that are hard to write.</summary>
internal sealed class RandomCluster
{
    private static readonly string[] Texts =
    [
        "plain", "two words", "a: b", "- item", "# comment", "yes", "No", "null", "~", "true", "1", "1.0", "007", "-5e3", ".5", "0x1f", "2024-01-01",
        " leading", "trailing ", "${VARIABLE}", "$${escaped}", "$$${thrice}", "${", "$", "{{template}}", "{a: b}", "[c]", "'single'", "\"double\"", "back\\slash",
        "two\nlines", "two\nlines\n", "two\nlines\n\n", "\nblank first", " \nspace first", "x\n  indented\nback", "tab\tbetween", "line\r\nend", "line \nend",
        "| pipe", "> fold", "%percent", "@at", "`tick`", "&anchor", "*alias", "!tag", "key:", ": value", "a #b", "---", "...", "--- \n...", "😀 ä ß 中文", "\u00a0hard\u2028line",
        "\u0085next", "\ufeffmark", "bell\u0007", "?", "? question", "a,b", "[", "}", "Übung macht den Meister: immer!", "x\n---\ny", "x\n# not a comment\ny",
    ];

    private readonly Random _random;

    public RandomCluster(int seed)
    {
        _random = new Random(seed);
        var policy = Limits();
        Policy = policy;
        var whole = new JsonObject();
        Section.Put(whole, "description", Maybe(Text));
        Section.Put(whole, "labels", new JsonObject(Pairs().Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))));
        var node = AgentYaml.Node(policy);
        Section.Put(node, "max_concurrent_runs", Chance() ? _random.Next(1, 100) : null as long?);
        Section.Put(whole, ClusterDefinition.Policy, node);
        Sections(whole);
        Models = [.. Enumerable.Range(0, _random.Next(0, 3)).Select(Model)];
        Agents = [.. Enumerable.Range(0, _random.Next(0, 4)).Select(Agent)];
        Section.Put(whole, ClusterDefinition.Teams, [.. Agents.Where(_ => _random.Next(4) == 0).Select(a => a.Name)]);
        Definition = new ClusterDefinition(whole);
    }

    public ClusterDefinition Definition { get; }

    public IReadOnlyList<ModelDefinition> Models { get; }

    public IReadOnlyList<AgentDefinition> Agents { get; }

    private Limits Policy { get; }

    private AgentDefinition Agent(int index)
    {
        var agent = new AgentDefinition
        {
            Name = $"agent-{index}",
            Description = Maybe(Text),
            Instructions = Maybe(Text),
            Model = "default",
            Behaviour = Chance() ? "react" : "plan-execute",
            Tools = { Chance() ? ["calculator", "notes_add"] : [] },
            Limits = Clusters.LimitsFilled(Limits(), Policy),
            Capabilities = { Words() },
            Labels = { Pairs() },
            Permissions = { Words() },
            Metadata = { Pairs() },
            Agents = { Chance() ? ["agent-9"] : [] },
            Concurrency = Chance() ? _random.Next(1, 100) : 0,
            IdleTimeout = Chance() ? Time() : null,
            Context = Chance() ? new ContextSettings { MaxTokens = _random.Next(100, 10_000), KeepLast = _random.Next(1, 20), Summarize = Chance() } : null,
        };
        if (Chance())
        {
            agent.Temperature = Math.Round(_random.NextDouble() * 2, _random.Next(1, 15));
        }

        if (Chance())
        {
            agent.MaxOutputTokens = _random.Next(1, 10_000);
        }

        if (agent.Behaviour == "plan-execute" && Chance())
        {
            agent.BehaviourOptions = """{"replans": 3}""";
        }

        if (Chance())
        {
            agent.Approvals.Add(new ApprovalRule { Tool = "notes_*", When = ApprovalWhen.FirstTime, Timeout = Time(), OnTimeout = TimeoutAction.Escalate, Assignee = "user:ada", EscalateTo = "the bosses" });
        }

        return AgentRules.Normalize(agent);
    }

    private ModelDefinition Model(int index) => _random.Next(3) switch
    {
        0 => new ModelDefinition
        {
            Name = $"model-{index}",
            Provider = "scripted",
            Script = JsonSerializer.SerializeToElement(new JsonObject
            {
                ["delay"] = "30ms",
                ["rules"] = new JsonArray(new JsonObject
                {
                    ["match"] = @"(?<a>\d+) plus \$\{x\}",
                    ["calls"] = new JsonArray(new JsonObject
                    {
                        ["tool"] = "calculator",
                        ["arguments"] = new JsonObject { ["text"] = Text().Replace("{{", "", StringComparison.Ordinal), ["number"] = 1.50m, ["flag"] = true, ["nothing"] = null, ["list"] = new JsonArray(1, "1") },
                    }),
                    ["say"] = "It is {{calculator.value}}.",
                }),
                ["otherwise"] = "Try: 1 plus 2",
            }),
        },
        1 => new ModelDefinition
        {
            Name = $"model-{index}",
            Provider = "openai-compatible",
            Url = "http://localhost:11434/v1",
            Model = "qwen3:8b",
            ApiKeyVariable = Chance() ? "TEAM_API_KEY" : null,
            Timeout = TimeSpan.FromMilliseconds(_random.Next(1, 3_600_000)),
            IdleTimeout = Chance() ? TimeSpan.FromSeconds(90) : null,
            ContextWindow = Chance() ? 128_000 : null,
            MaxOutput = Chance() ? 4_000 : null,
            Tier = Chance() ? "complex" : null,
            Failover = Chance() ? ["default"] : null,
            Price = Chance()
                ? new ModelPrice { Input = 0.250m, CachedInput = 0.025m, Output = 2, Reasoning = 3, LongContext = new LongContextPrice { Over = 200_000, Input = 0.5m, Output = 3 } }
                : null,
            Cache = Chance() ? new CachePolicy { Mode = CacheMode.Semantic, Ttl = TimeSpan.FromMinutes(10), Threshold = 0.9, ToolCalls = true, Personal = Chance() } : null,
        },
        _ => new ModelDefinition
        {
            Name = $"model-{index}",
            Provider = "router",
            Route = new RouteDefinition
            {
                Policy = "weighted",
                Candidates = ["default", "other"],
                Weights = new Dictionary<string, double> { ["default"] = 0.7, ["other"] = 3 },
                Rules = Chance() ? [new RouteRule { Match = "^(?:sum|add)", MinTokens = 10, Json = Chance(), Use = "default" }, new RouteRule { Agent = "agent-0", Raise = -1 }] : null,
                Degrade = Chance() ? ["provider", "stale"] : null,
            },
        },
    };

    private void Sections(JsonObject whole)
    {
        if (Chance())
        {
            whole["tools"] = new JsonArray(new JsonObject { ["name"] = "calculator", ["timeout"] = "5s", ["retries"] = 0, ["concurrency"] = 8, ["result_limit"] = 300, ["cache"] = "1m", ["cost_usd"] = JsonNode.Parse("0.010") });
        }

        Section.Put(whole, "memory", Chance() ? new JsonObject { ["embeddings"] = "default", ["extraction"] = "rules", ["recall"] = new JsonObject { ["limit"] = 5, ["min_score"] = 0.25 }, ["retention"] = "90d" } : null);
        Section.Put(whole, "evaluation", Chance() ? new JsonObject { ["suites"] = new JsonArray("smoke", Text()), ["repeats"] = 3, ["gates"] = new JsonObject { ["staging"] = 80, ["production"] = 95.5 } } : null);
        Section.Put(whole, "rollout", Chance() ? new JsonObject { ["strategy"] = "canary", ["steps"] = new JsonArray(1, 10, 100), ["hold"] = "10m", ["gate"] = 95, ["rollback"] = "automatic" } : null);
    }

    private Limits Limits() => new()
    {
        MaxSteps = Chance() ? _random.Next(1, 1000) : 0,
        MaxTokens = Chance() ? _random.NextInt64(1, long.MaxValue) : 0,
        MaxCostUsd = Chance() ? (_random.Next(1, 100_000) / 1000m).ToString(CultureInfo.InvariantCulture) : "",
        Timeout = Chance() ? Time() : null,
        IdleTimeout = Chance() ? Time() : null,
        MaxDepth = Chance() ? _random.Next(1, 5) : 0,
        MaxChildren = Chance() ? _random.Next(1, 50) : 0,
    };

    private Duration Time() => Duration.FromTimeSpan(TimeSpan.FromMilliseconds(_random.NextInt64(1000, 30L * 86_400_000)));

    private IEnumerable<string> Words() => Texts.Where(t => t.Length is > 0 and < 60 && !t.Any(c => char.IsControl(c) || char.IsSurrogate(c))).OrderBy(_ => _random.Next()).Take(_random.Next(0, 4));

    private Dictionary<string, string> Pairs() => Texts.Where(t => t.Length is > 0 and < 60 && Yaml.StorableText.Problems(t).Any() is false)
        .OrderBy(_ => _random.Next()).Take(_random.Next(0, 4)).ToDictionary(k => k, _ => Text());

    /// <summary>Nearly never two that are alike.</summary>
    private string Text() => string.Concat(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Texts[_random.Next(Texts.Length)]));

    private string Maybe(Func<string> text) => Chance() ? text() : "";

    private bool Chance() => _random.Next(2) == 0;

    private static class Clusters
    {
        public static Limits LimitsFilled(Limits own, Limits policy) => Minion.Orchestration.Clusters.LimitsReader.Fill(own, policy);
    }
}
