using Minion.Models.Cache;

namespace Minion.Models.Tests.Cache;

public sealed class SemanticCacheTests : CacheFixture
{
    private const string Question = "How do I install the Azure CLI on Debian 12?";
    private static readonly ModelDefinition Semantic = Model(new CachePolicy { Mode = CacheMode.Semantic });

    [Fact]
    public async Task A_question_that_means_the_same_is_answered_from_the_cache_and_says_so()
    {
        Upstream.Answer = _ => "With apt.";
        var cache = Cache();
        await AskAsync(cache, Request(Question, Semantic));
        Time.Advance(TimeSpan.FromMinutes(3));

        var hit = await AskAsync(cache, Request("How can I install Azure CLI on a Debian 12?", Semantic));

        hit.Text.ShouldBe("With apt.");
        HitOf(hit)!.Kind.ShouldBe(CacheHitKind.Semantic);
        HitOf(hit)!.Similarity.ShouldBeInRange(CachePolicy.DefaultThreshold, 0.999);
        HitOf(hit)!.Age.ShouldBe(TimeSpan.FromMinutes(3));
        Upstream.Calls.ShouldBe(1);
        Counted.ShouldBe(["miss not_found", "hit semantic"]);
    }

    [Theory]
    [InlineData("How do I install the Azure CLI on Debian 11?")]
    [InlineData("How do I uninstall the Azure CLI on Debian 12?")]
    [InlineData("Why do I install the Azure CLI on Debian 12?")]
    [InlineData("How do I bake bread?")]
    public async Task What_only_looks_alike_goes_to_the_model(string other)
    {
        Upstream.Answer = r => r.Messages[^1].Text;
        var cache = Cache();
        await AskAsync(cache, Request(Question, Semantic));

        (await AskAsync(cache, Request(other, Semantic))).Text.ShouldBe(other);
    }

    [Fact]
    public async Task Nobody_else_and_no_other_prompt_gets_it_however_similar()
    {
        Upstream.Answer = _ => "x";
        var cache = Cache();
        await AskAsync(cache, Request(Question, Semantic));
        var similar = "How can I install the Azure CLI on Debian 12?";
        foreach (var request in new[]
        {
            Request(similar, Semantic, call: By("other")), Request(similar, Semantic, call: By(agent: "other")), Request(similar, Semantic with { Model = "m2" }),
            Request(similar, Semantic) with { Messages = [new(Microsoft.Extensions.AI.ChatRole.User, similar)] },
            Request(similar, Semantic, new Microsoft.Extensions.AI.ChatOptions { Temperature = 1 }),
        })
        {
            HitOf(await AskAsync(cache, request)).ShouldBeNull();
        }

        HitOf(await AskAsync(cache, Request(similar, Semantic))).ShouldNotBeNull();
    }

    [Fact]
    public async Task In_the_mode_exact_and_above_the_threshold_only_the_same_words_hit()
    {
        Upstream.Answer = _ => "x";
        foreach (var policy in new[] { new CachePolicy { Mode = CacheMode.Exact }, new CachePolicy { Mode = CacheMode.Semantic, Threshold = 1 } })
        {
            var cache = Cache();
            await AskAsync(cache, Request(Question, Model(policy)));
            HitOf(await AskAsync(cache, Request("How can I install the Azure CLI on Debian 12?", Model(policy)))).ShouldBeNull();
            HitOf(await AskAsync(cache, Request(Question, Model(policy)))).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Without_an_embedding_the_cache_is_an_exact_one()
    {
        Upstream.Answer = _ => "x";
        var cache = Cache(embedder: new Broken());
        await AskAsync(cache, Request(Question, Semantic));

        HitOf(await AskAsync(cache, Request(Question, Semantic)))!.Kind.ShouldBe(CacheHitKind.Exact);
        HitOf(await AskAsync(cache, Request("How can I install the Azure CLI on Debian 12?", Semantic))).ShouldBeNull();
    }

    private sealed class Broken : IQuestionEmbedder
    {
        public ValueTask<QuestionEmbedding> EmbedAsync(string question, CancellationToken cancellationToken) => throw new InvalidOperationException("No.");
    }
}
