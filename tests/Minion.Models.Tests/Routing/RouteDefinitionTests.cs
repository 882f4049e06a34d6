using Minion.Models.Routing;

namespace Minion.Models.Tests.Routing;

public sealed class RouteDefinitionTests
{
    [Fact]
    public void All_mistakes_of_a_router_are_found_at_once()
    {
        var route = new RouteDefinition
        {
            Policy = "cheap",
            Candidates = ["a", "b", "a", "smart"],
            Weights = new Dictionary<string, double> { ["c"] = 1, ["a"] = -1 },
            Judge = "b",
            MinScore = 2,
            Degrade = ["provider", "pray"],
            Rules =
            [
                new() { Match = "(", Tier = "expert" },
                new() { Match = "a", Tier = "genius" },
                new() { Match = "a", Raise = 1, Use = "b" },
                new() { Tier = "expert" },
                new() { Agent = "x", Raise = 9 },
                new() { Json = true, Use = "d" },
            ],
        };

        Router(route).Validate().Select(e => e.Path).ShouldBe(
            [
                "candidates", "policy", "candidates[2]", "weights.c", "weights.a", "min_score", "judge", "degrade[1]", "rules[0].match", "rules[1].tier", "rules[2]",
                "rules[3]", "rules[4].raise", "rules[5].use",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void A_good_router_is_stored_and_read_again()
    {
        var router = Router(new RouteDefinition
        {
            Policy = "weighted",
            Candidates = ["a", "openai/gpt-5"],
            Weights = new Dictionary<string, double> { ["a"] = 3 },
            Rules = [new() { Match = "contract", MinTokens = 10, Tier = "expert" }],
            Escalate = true,
            Judge = "a",
        });

        router.Validate().ShouldBeEmpty();
        ModelDefinition.FromJson(router.ToJson()).ToJson().ShouldBe(router.ToJson());
        ModelDefinition.FromJson(router.ToJson()).Route!.Rules![0].Match.ShouldBe("contract");
    }

    [Fact]
    public void A_router_is_no_model_and_a_model_no_router()
    {
        (Router(new()) with { Model = "m", Url = "http://a/v1", Tier = "expert", Failover = ["b"] }).Validate().Select(e => e.Path).ShouldBe(["model", "url", "tier", "failover"]);
        new ModelDefinition { Name = "a", Provider = "openai-compatible", Model = "m", Url = "http://a/v1", Route = new(), Tier = "huge", Failover = ["a"] }
            .Validate().Select(e => e.Path).ShouldBe(["tier", "provider", "failover[0]"]);
    }

    [Fact]
    public void Auto_and_each_tier_are_routers_that_need_no_declaration()
    {
        Routers.Names.ShouldBe(["auto", "local-small", "moderate", "complex", "expert"]);
        Routers.Names.ShouldAllBe(n => Routers.Find(n)!.Validate().Count == 0);
        Routers.Find("default").ShouldBeNull();
    }

    [Theory]
    [InlineData("Draft a contract", 100, 0, "bot", false, 1)]
    [InlineData("hello", 5_000, 0, "bot", false, 2)]
    [InlineData("hello", 100, 3, "bot", false, 3)]
    [InlineData("hello", 100, 0, "lawyer", false, 4)]
    [InlineData("hello", 100, 0, "bot", true, 5)]
    [InlineData("hello", 100, 0, null, false, null)]
    public void The_first_rule_whose_conditions_all_hold_counts(string question, long tokens, int tools, string? agent, bool json, int? rule)
    {
        RouteRule[] rules =
        [
            new() { Match = "CONTRACT", MaxTokens = 200, Tier = "expert" }, new() { MinTokens = 2_000, Raise = 1 }, new() { MinTools = 2, Raise = 1 },
            new() { Agent = "lawyer", Use = "a" }, new() { Json = true, Raise = -1 },
        ];

        RouteRules.Find(rules, question, new RequestShape(tokens, 1, tools, json, false), agent).ShouldBe(rule is { } number ? rules[number - 1] : null);
    }

    private static ModelDefinition Router(RouteDefinition route) => new() { Name = "smart", Provider = "router", Route = route };
}
