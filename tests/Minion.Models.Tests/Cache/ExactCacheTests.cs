using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models.Tests.Cache;

public sealed class ExactCacheTests : CacheFixture
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_request_is_answered_once_by_the_model(bool streamed)
    {
        Upstream.Answer = _ => "A platform  for agents,\nby people. " + new string('x', 200);
        var cache = Cache();

        var first = await AskAsync(cache, Request(streamed: streamed));
        Time.Advance(TimeSpan.FromMinutes(5));
        var request = Request(streamed: streamed);
        var second = await AskAsync(cache, request);

        Upstream.Calls.ShouldBe(1);
        HitOf(first).ShouldBeNull();
        first.Usage!.OutputTokenCount.ShouldBe(3);
        second.Text.ShouldBe(first.Text);
        second.FinishReason.ShouldBe(ChatFinishReason.Stop);
        second.ModelId.ShouldBe("m");
        second.Usage!.OutputTokenCount.ShouldBe(0);
        HitOf(second).ShouldBe(new CacheHit(CacheHitKind.Exact, 1, TimeSpan.FromMinutes(5), Stale: false, 7, 3, SavedUsd: null));
        request.Report.CacheHit.ShouldBe(HitOf(second));
        request.Report.Attempts.ShouldBeEmpty();
        Counted.ShouldBe(["miss not_found", "hit exact"]);
    }

    [Fact]
    public async Task A_hit_says_what_it_saved()
    {
        Upstream.Answer = _ => "x";
        var cache = Cache();
        var model = Model() with { Price = new ModelPrice { Input = 2, Output = 10 } };
        await AskAsync(cache, Request(model: model));

        HitOf(await AskAsync(cache, Request(model: model)))!.SavedUsd.ShouldBe(((7 * 2m) + (3 * 10m)) / 1_000_000);
    }

    [Fact]
    public async Task A_hit_is_streamed_in_parts()
    {
        Upstream.Answer = _ => string.Join(' ', Enumerable.Repeat("word", 100)) + string.Concat(Enumerable.Repeat("👩‍🚀", 40));
        var cache = Cache();
        var whole = (await AskAsync(cache, Request())).Text;

        var parts = await cache.InvokeAsync(Request(), Upstream.InvokeAsync, CancellationToken.None).ToListAsync();

        parts.Count(p => p.Text.Length > 0).ShouldBeGreaterThan(8);
        string.Concat(parts.Select(p => p.Text)).ShouldBe(whole);
        parts.ShouldAllBe(p => p.Text.Length == 0 || !char.IsLowSurrogate(p.Text[0]));
    }

    [Fact]
    public async Task A_model_without_a_cache_is_always_asked()
    {
        Upstream.Answer = _ => "x";
        var cache = Cache();
        foreach (var model in new[] { Model() with { Cache = null }, Model(new CachePolicy()) })
        {
            await AskAsync(cache, Request(model: model));
            await AskAsync(cache, Request(model: model));
        }

        Upstream.Calls.ShouldBe(4);
        Counted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_tenant_agent_model_or_prompt_never_gets_the_answer()
    {
        Upstream.Answer = r => $"{r.Call.Caller.Tenant} {r.Call.Agent}";
        var cache = Cache();
        ModelDefinition Other(Func<ModelDefinition, ModelDefinition> change) => change(Model());
        var requests = new[]
        {
            Request(), Request(call: By("other")), Request(call: By(agent: "other")), Request(call: By(agent: null)),
            Request("What is Minion? "[..^2]), Request(model: Other(m => m with { Model = "m2" })),
            Request(model: Other(m => m with { Url = "http://localhost:2" })), Request(options: new ChatOptions { Temperature = 0.5f }),
            Request() with { Messages = [new(ChatRole.System, "Be long."), new(ChatRole.User, "What is Minion?")] },
            Request() with { Messages = [new(ChatRole.User, "What is Minion?")] },
            Request() with { Messages = [new(ChatRole.System, "Be brief."), new(ChatRole.Assistant, "What is Minion?")] },
        };

        foreach (var request in requests)
        {
            HitOf(await AskAsync(cache, request)).ShouldBeNull();
        }

        Upstream.Calls.ShouldBe(requests.Length);
    }

    [Fact]
    public async Task An_answer_is_gone_after_its_time_and_a_new_one_takes_its_place()
    {
        var count = 0;
        Upstream.Answer = _ => $"{++count}";
        var cache = Cache();
        var model = Model(new CachePolicy { Mode = CacheMode.Exact, Ttl = TimeSpan.FromMinutes(1) });
        await AskAsync(cache, Request(model: model));

        Time.Advance(TimeSpan.FromSeconds(59));
        (await AskAsync(cache, Request(model: model))).Text.ShouldBe("1");
        Time.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync(cache, Request(model: model))).Text.ShouldBe("2");
        (await AskAsync(cache, Request(model: model))).Text.ShouldBe("2");
    }

    [Fact]
    public async Task A_stale_answer_is_given_only_when_it_is_asked_for_and_says_so()
    {
        Upstream.Answer = _ => "Old news.";
        var cache = Cache();
        var model = Model(new CachePolicy { Mode = CacheMode.Exact, Ttl = TimeSpan.FromMinutes(1), StaleFor = TimeSpan.FromHours(1) });
        (await cache.TryStaleAsync(Request(model: model), CancellationToken.None)).ShouldBeNull();
        await AskAsync(cache, Request(model: model));
        Time.Advance(TimeSpan.FromMinutes(30));

        var request = Request(model: model);
        var answer = await cache.InvokeAsync(request, Degrade, CancellationToken.None).ToChatResponseAsync();

        answer.Text.ShouldBe("Old news.");
        HitOf(answer)!.Stale.ShouldBeTrue();
        HitOf(answer)!.Age.ShouldBe(TimeSpan.FromMinutes(30));
        request.Report.CacheHit!.Stale.ShouldBeTrue();
        Counted.ShouldBe(["miss not_found", "stale exact"]);
        (await AskAsync(cache, Request(model: model))).Text.ShouldBe("Old news.");
        Upstream.Calls.ShouldBe(2);
        Time.Advance(TimeSpan.FromHours(2));
        (await cache.TryStaleAsync(Request(model: model), CancellationToken.None)).ShouldBeNull();

        async IAsyncEnumerable<ChatResponseUpdate> Degrade(ChatRequest asked, [EnumeratorCancellation] CancellationToken token)
        {
            foreach (var part in (await cache.TryStaleAsync(asked, token))!)
            {
                yield return part;
            }
        }
    }

    [Fact]
    public async Task What_broke_off_or_was_cut_short_is_not_kept()
    {
        var cache = Cache();
        foreach (var end in new Action<UpstreamCall>[] { c => c.Fail(new ModelException(ModelErrorKind.Unavailable, "Gone.", "Wait.")), c => c.End(ChatFinishReason.Length), c => c.End(ChatFinishReason.ContentFilter) })
        {
            var asking = AskAsync(cache, Request());
            var call = await Upstream.NextAsync();
            call.Say("Half an answ");
            end(call);
            await Should.NotThrowAsync(async () => await Task.WhenAny(asking));
        }

        Upstream.Answer = _ => "Whole.";
        (await AskAsync(cache, Request())).Text.ShouldBe("Whole.");
        Upstream.Calls.ShouldBe(4);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_passes_and_is_not_kept()
    {
        Options.MaxAnswerBytes = 1024;
        Upstream.Answer = _ => new string('x', 1025);
        var cache = Cache();

        (await AskAsync(cache, Request())).Text.Length.ShouldBe(1025);
        (await AskAsync(cache, Request())).Text.Length.ShouldBe(1025);

        Upstream.Calls.ShouldBe(2);
    }
}
