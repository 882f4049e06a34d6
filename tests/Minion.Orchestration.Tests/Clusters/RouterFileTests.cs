namespace Minion.Orchestration.Tests.Clusters;

public sealed class RouterFileTests(DefinitionsHost host) : IClassFixture<DefinitionsHost>
{
    private const string Router = """
        provider: router
        policy: weighted
        candidates: [small, openai/gpt-5]
        weights: { small: 3, openai/gpt-5: 0.5 }
        escalate: true
        judge: small
        min_score: 0.7
        degrade: [provider, stale]
        timeout: 90s
        rules:
          - { match: 'contract|court', max_tokens: 4000, tier: expert }
          - { min_tools: 5, raise: 1 }
          - { agent: intake, json: true, use: small }
        """;

    [Fact]
    public void A_router_is_read_with_all_that_it_has()
    {
        Files.ErrorsOf(Files.WithModel(Router)).ShouldBeEmpty();

        var route = Files.Read(Files.WithModel(Router)).File!.Models[0].Definition.Route!;
        (route.Policy, route.Escalate, route.Judge, route.MinScore).ShouldBe(("weighted", true, "small", 0.7));
        route.Candidates.ShouldBe(["small", "openai/gpt-5"]);
        route.Weights!["openai/gpt-5"].ShouldBe(0.5);
        route.Degrade.ShouldBe(["provider", "stale"]);
        route.Rules!.Select(r => (r.Match, r.MaxTokens, r.MinTools, r.Agent, r.Json, r.Tier, r.Raise, r.Use)).ShouldBe(
            [("contract|court", 4000, null, null, null, "expert", null, null), (null, null, 5, null, null, null, 1, null), (null, null, null, "intake", true, null, null, "small")]);
    }

    [Fact]
    public void Every_mistake_of_a_router_has_its_place()
    {
        var errors = Files.ErrorsOf(Files.WithModel("""
            provider: router
            policy: cheepest
            candidates: [a, b]
            weights: { c: 1, a: many }
            escalate: perhaps
            rules:
              - { match: '(', tier: expert }
              - { tools: 5, raise: 1 }
            """));

        errors.ShouldContain(e => e.StartsWith("7:13 models[0].policy: ") && e.Contains("did you mean 'cheapest'"));
        errors.ShouldContain(e => e.Contains("models[0].weights.c"));
        errors.ShouldContain(e => e.Contains("models[0].weights.a: must be a number"));
        errors.ShouldContain(e => e.Contains("models[0].escalate: must be true or false"));
        errors.ShouldContain(e => e.Contains("models[0].rules[0].match"));
        errors.ShouldContain(e => e.Contains("models[0].rules[1].tools: there is no such key"));
    }

    [Fact]
    public void A_model_has_a_tier_and_others_in_its_place()
    {
        var model = Files.Read(Files.WithModel("provider: openai\nmodel: gpt-5\ntier: complex\nfailover: [small, groq/llama-3.1-8b-instant]")).File!.Models[0].Definition;

        model.Tier.ShouldBe("complex");
        model.Failover.ShouldBe(["small", "groq/llama-3.1-8b-instant"]);
        model.Route.ShouldBeNull();
    }

    [Fact]
    public async Task Models_that_are_named_must_exist_and_no_way_may_lead_back()
    {
        const string Scripted = "provider: scripted, script: {rules: [], otherwise: x}";

        var details = await FailureAsync($$"""
            - {name: a, {{Scripted}}, failover: [b, openai/gpt-5]}
            - {name: b, {{Scripted}}, failover: [c]}
            - {name: c, {{Scripted}}, failover: [a, nobody]}
            - {name: r, provider: router, candidates: [a, auto, openai/gpt-0], escalate: true, judge: gone}
            """);

        details.ShouldContain("failover[0]: 'b' leads back to 'a'");
        details.ShouldContain("failover[1]: there is no model 'nobody'");
        details.ShouldContain("candidates[1]: 'auto' is a router itself");
        details.ShouldContain("candidates[2]: there is no model 'openai/gpt-0'");
        details.ShouldContain("judge: there is no model 'gone'");
        details.ShouldNotContain("no model 'openai/gpt-5'");
    }

    [Fact]
    public async Task An_agent_may_name_auto_a_tier_or_a_model_of_the_catalog()
    {
        var response = await host.Clusters.ApplyClusterAsync(
            new() { Content = Content("", "- {name: a, model: auto}\n- {name: b, model: complex}\n- {name: c, model: openai/gpt-5}") }, host.NewTenant());

        response.Changes.Count.ShouldBe(3);
        (await FailureAsync("", "- {name: a, model: openai/gpt-0}\n- {name: b, model: /x}")).ShouldSatisfyAllConditions(
            e => e.ShouldContain("there is no model 'openai/gpt-0'"), e => e.ShouldContain("'/x' is not the name of a model"));
    }

    private async Task<string> FailureAsync(string models, string agents = "")
    {
        var (error, details) = await DefinitionsHost.FailureOf(
            host.Clusters.ApplyClusterAsync(new() { Content = Content(models, agents) }, host.NewTenant()));
        return $"{error}\n{details}";
    }

    private static string Content(string models, string agents) =>
        $"apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: {{name: c}}\n{List("models", models)}{List("agents", agents)}";

    private static string List(string key, string items) => items.Length == 0 ? "" : $"{key}:\n{string.Join('\n', items.Split('\n').Select(l => "  " + l))}\n";
}
