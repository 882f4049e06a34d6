using Minion.Data;
using Minion.Models.Cache;
using Minion.Models.Tests.Cache.Stores;
using Minion.Testing.Redis;
using StackExchange.Redis;

namespace Minion.Models.Tests.Cache;

public sealed class SharedCacheTests(ModelsDatabase fixture) : CacheFixture, IClassFixture<ModelsDatabase>
{
    [Fact]
    public async Task Two_gateways_on_one_database_share_their_answers_within_a_tenant()
    {
        Upstream.Answer = r => $"for {r.Call.Caller.Tenant}";
        var store = new Watched(new PostgresStore(fixture.Database.DataSource(DatabaseRoles.Models), Options, Time));
        var (one, two) = (Cache(store), Cache(store));
        await AskAsync(one, Request());
        await store.PutDone;

        var hit = await AskAsync(two, Request());
        hit.Text.ShouldBe("for default");
        HitOf(hit)!.Kind.ShouldBe(CacheHitKind.Exact);
        Upstream.Calls.ShouldBe(1);

        (await AskAsync(two, Request(call: By("stranger")))).Text.ShouldBe("for stranger");
        (await AskAsync(one, Request(call: By("third")))).Text.ShouldBe("for third");
    }

    [Fact]
    public async Task A_question_that_means_the_same_hits_in_another_process_and_never_for_another_tenant()
    {
        Upstream.Answer = r => $"for {r.Call.Caller.Tenant}";
        var store = new Watched(new PostgresStore(fixture.Database.DataSource(DatabaseRoles.Models), Options, Time));
        var model = Model(new CachePolicy { Mode = CacheMode.Semantic, Threshold = 0.6 });
        await AskAsync(Cache(store), Request("How do I install the Azure CLI on Debian?", model));
        await store.PutDone;

        var other = Cache(store);
        (await AskAsync(other, Request("How can I install Azure CLI on Debian?", model, call: By("stranger")))).Text.ShouldBe("for stranger");
        (await AskAsync(other, Request("How can I install Azure CLI on Debian?", model, call: By(agent: "another")))).Text.ShouldBe("for default");
        Upstream.Calls.ShouldBe(3);
        var hit = await AskAsync(other, Request("How can I install Azure CLI on Debian?", model));

        HitOf(hit)!.Kind.ShouldBe(CacheHitKind.Semantic);
        HitOf(hit)!.Similarity.ShouldBeInRange(0.6, 0.9999);
        Upstream.Calls.ShouldBe(3);
    }

    [Fact]
    public async Task When_redis_dies_in_mid_flight_the_call_and_the_next_ones_go_on_without()
    {
        await using var server = await RedisServer.StartAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},abortConnect=false");
        var cache = Cache(new RedisStore(() => redis, Options, Time));
        var asking = AskAsync(cache, Request());
        var call = await Upstream.NextAsync();
        call.Say("Half ");

        await server.KillAsync();
        call.Say("and half.");
        call.End();
        (await asking).Text.ShouldBe("Half and half.");

        (await AskAsync(cache, Request())).Text.ShouldBe("Half and half.");
        Upstream.Answer = _ => "Other.";
        (await AskAsync(cache, Request("Another question?"))).Text.ShouldBe("Other.");
        Upstream.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_store_that_hangs_or_fails_is_a_miss_and_left_alone_for_a_while()
    {
        Upstream.Answer = _ => "x";
        var store = new Hanging();
        var cache = Cache(store);
        var asking = AskAsync(cache, Request("one"));
        Time.Advance(await Time.WaitForTimerAsync(due => due == TimeSpan.FromMilliseconds(250)));

        (await asking).Text.ShouldBe("x");
        (await AskAsync(cache, Request("two"))).Text.ShouldBe("x");
        store.Asked.ShouldBe(1);
        Time.Advance(TimeSpan.FromSeconds(6));
        var third = AskAsync(cache, Request("three"));
        Time.Advance(await Time.WaitForTimerAsync(due => due == TimeSpan.FromMilliseconds(250)));
        await third;
        store.Asked.ShouldBe(2);
    }

    private sealed class Watched(ICacheStore store) : ICacheStore
    {
        private readonly TaskCompletionSource _put = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task PutDone => _put.Task.WaitAsync(Eventually.Patience);

        public ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellationToken) => store.FindAsync(key, cancellationToken);

        public ValueTask<IReadOnlyList<SimilarEntry>> NearestAsync(
            CacheKey key, QuestionEmbedding embedding, double threshold, int count, CancellationToken cancellationToken) =>
            store.NearestAsync(key, embedding, threshold, count, cancellationToken);

        public async ValueTask PutAsync(CacheEntry entry, CancellationToken cancellationToken)
        {
            await store.PutAsync(entry, cancellationToken);
            _put.TrySetResult();
        }
    }

    private sealed class Hanging : ICacheStore
    {
        public int Asked { get; private set; }

        public async ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellationToken)
        {
            Asked++;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }

        public ValueTask<IReadOnlyList<SimilarEntry>> NearestAsync(
            CacheKey key, QuestionEmbedding embedding, double threshold, int count, CancellationToken cancellationToken) => throw new InvalidOperationException("It hangs.");

        public ValueTask PutAsync(CacheEntry entry, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
