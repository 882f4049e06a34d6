using Minion.Models;

namespace Minion.Orchestration.Tests.Clusters;

public sealed class CacheReaderTests
{
    [Fact]
    public void A_model_says_which_of_its_answers_are_kept() =>
        Policy("{ mode: semantic, ttl: 10m, stale_for: 2h, threshold: 0.9, allow: [tool_calls, personal] }").ShouldBe(new CachePolicy
        {
            Mode = CacheMode.Semantic,
            Ttl = TimeSpan.FromMinutes(10),
            StaleFor = TimeSpan.FromHours(2),
            Threshold = 0.9,
            ToolCalls = true,
            Personal = true,
        });

    [Fact]
    public void What_is_kept_is_stored_with_the_model()
    {
        var model = new ModelDefinition { Name = "m", Provider = "scripted", Cache = Policy("{ mode: exact }") };

        model.ToJson().ShouldContain("\"mode\":\"exact\"");
        ModelDefinition.FromJson(model.ToJson()).Cache.ShouldBe(model.Cache);
        Policy("{ mode: off }")!.Mode.ShouldBe(CacheMode.Off);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var errors = string.Join('\n', Files.ErrorsOf(File("{ mode: sometimes, ttl: 0s, stale_for: 31d, threshold: 1.5, allow: [everything], tll: 1m }")));

        foreach (var path in new[] { "cache.mode", "cache.ttl", "cache.stale_for", "cache.threshold", "cache.allow", "cache.tll" })
        {
            errors.ShouldContain(path);
        }
    }

    [Fact]
    public void A_cache_without_a_mode_is_a_mistake() => string.Join('\n', Files.ErrorsOf(File("{ ttl: 1m }"))).ShouldContain("cache.mode");

    private static CachePolicy? Policy(string cache) => Files.Read(File(cache)).File!.Models.Single().Definition.Cache;

    private static string File(string cache) => $$"""
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: hello }
        models:
          - name: m
            provider: openai-compatible
            url: http://localhost:11434/v1
            model: qwen3:8b
            cache: {{cache}}
        agents:
          - { name: hello, instructions: Hi., model: m }
        """;
}
