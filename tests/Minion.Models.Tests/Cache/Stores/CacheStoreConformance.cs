using Minion.Models.Cache;
using Minion.Testing.Time;

namespace Minion.Models.Tests.Cache.Stores;

/// <summary>What every store of answers keeps. Each test has a tenant of its own.</summary>
public abstract class CacheStoreConformance
{
    private static int _tenants;

    private readonly string _tenant = $"t{Interlocked.Increment(ref _tenants)}-{Environment.ProcessId}";

    private protected ManualTime Time { get; } = new();

    private protected CacheOptions Options { get; } = new() { MaxQuestions = 40 };

    private protected abstract ICacheStore Store { get; }

    [Fact]
    public async Task What_was_put_is_found_as_it_was()
    {
        var entry = Entry("What?", Vector(1, 0)) with
        {
            Answer = new CachedAnswer(
                [new CachedPart(Reasoning: "hm", Protected: "p"), new CachedPart(Text: "It is \"so\"\0 日本 👩‍🚀."), new CachedPart(Call: "c1", Tool: "time", Arguments: "{}")],
                "stop", "m-1", 12, 34, 0.00012345m),
        };
        await Store.PutAsync(entry, default);

        var found = (await Store.FindAsync(entry.Key, default)).ShouldNotBeNull();

        found.Key.ShouldBe(entry.Key);
        found.Answer.ToJson().ShouldBe(entry.Answer.ToJson());
        found.Embedding!.Space.ShouldBe("s");
        found.Embedding.Vector.ShouldBe(entry.Embedding!.Vector);
        (found.Created, found.FreshUntil, found.KeptUntil).ShouldBe((entry.Created, entry.FreshUntil, entry.KeptUntil));
        (await Store.FindAsync(entry.Key with { Exact = Hash("other") }, default)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_put_again_takes_the_place_of_what_was_there()
    {
        await Store.PutAsync(Entry("What?", Vector(1, 0), "old"), default);
        Time.Advance(TimeSpan.FromMinutes(1));
        await Store.PutAsync(Entry("What?", Vector(0, 1), "new"), default);

        (await Store.FindAsync(Key("What?"), default))!.Answer.Parts[0].Text.ShouldBe("new");
        (await NearestAsync(Vector(0, 1))).ShouldHaveSingleItem().Entry.Answer.Parts[0].Text.ShouldBe("new");
        (await NearestAsync(Vector(1, 0))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Stale_answers_are_found_by_their_key_only_and_those_that_are_over_not_at_all()
    {
        var entry = Entry("What?", Vector(1, 0));
        await Store.PutAsync(entry, default);
        (await NearestAsync(Vector(1, 0))).Count.ShouldBe(1);

        Time.Advance(TimeSpan.FromHours(1));
        (await NearestAsync(Vector(1, 0))).ShouldBeEmpty();
        (await Store.FindAsync(entry.Key, default)).ShouldNotBeNull();

        Time.Advance(TimeSpan.FromHours(1));
        (await Store.FindAsync(entry.Key, default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_nearest_come_in_order_within_the_threshold_and_the_count()
    {
        foreach (var degrees in new[] { 50, 10, 30, 20, 40, 80 })
        {
            await Store.PutAsync(Entry($"{degrees}", Angle(degrees)), default);
        }

        (await NearestAsync(Angle(0), 0.7, 3)).Select(s => s.Entry.Key.Question).ShouldBe(["10", "20", "30"]);
        var all = await NearestAsync(Angle(0), 0.7, 10);
        all.Select(s => s.Entry.Key.Question).ShouldBe(["10", "20", "30", "40"]);
        all.Select(s => s.Similarity).ShouldBe(new[] { 10, 20, 30, 40 }.Select(d => Math.Cos(d * Math.PI / 180)), 1e-5);
        all.ShouldAllBe(s => s.Entry.Answer.Parts.Count == 1);
    }

    [Fact]
    public async Task Between_equals_the_newest_comes_first()
    {
        await Store.PutAsync(Entry("older", Vector(1, 0)), default);
        Time.Advance(TimeSpan.FromSeconds(1));
        await Store.PutAsync(Entry("newer", Vector(1, 0)), default);

        (await NearestAsync(Vector(1, 0))).Select(s => s.Entry.Key.Question).ShouldBe(["newer", "older"]);
    }

    [Fact]
    public async Task Another_tenant_or_scope_sees_nothing_even_with_the_same_hashes()
    {
        var entry = Entry("What?", Vector(1, 0));
        await Store.PutAsync(entry, default);
        var stranger = entry.Key with { Tenant = $"{_tenant}-stranger" };

        (await Store.FindAsync(stranger, default)).ShouldBeNull();
        (await Store.NearestAsync(stranger, Vector(1, 0), 0.1, 10, default)).ShouldBeEmpty();
        (await Store.NearestAsync(entry.Key with { Scope = Hash("elsewhere") }, Vector(1, 0), 0.1, 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Vectors_of_another_space_are_not_compared()
    {
        await Store.PutAsync(Entry("What?", Vector(1, 0) with { Space = "another" }), default);
        await Store.PutAsync(Entry("Which?", null), default);

        (await NearestAsync(Vector(1, 0))).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_comes_later_is_found_too()
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.PutAsync(Entry($"{i}", Angle(i)), default);
            (await NearestAsync(Angle(0), 0.5, 100)).Count.ShouldBe(i + 1);
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Many_at_once_neither_fail_nor_get_lost()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 30), async (i, token) =>
        {
            await Store.PutAsync(Entry($"{i}", Angle(i)), token);
            (await Store.FindAsync(Key($"{i}"), token))!.Key.Question.ShouldBe($"{i}");
            (await NearestAsync(Angle(i))).ShouldNotBeEmpty();
        });

        (await NearestAsync(Angle(15), 0.5, 100)).Count.ShouldBe(30);
    }

    private protected CacheEntry Entry(string question, QuestionEmbedding? embedding, string answer = "An answer.") => new(
        Key(question), new CachedAnswer([new CachedPart(Text: answer)], "stop", "m", 1, 2, null), embedding,
        Time.GetUtcNow(), Time.GetUtcNow().AddHours(1), Time.GetUtcNow().AddHours(2));

    private protected CacheKey Key(string question) => new(_tenant, "helper", Hash($"{_tenant} {question}"), Hash(_tenant), question);

    private protected static QuestionEmbedding Angle(double degrees) => Vector(Math.Cos(degrees * Math.PI / 180), Math.Sin(degrees * Math.PI / 180));

    private protected static QuestionEmbedding Vector(double x, double y) => new("s", [(float)x, (float)y, 0, 0]);

    private protected ValueTask<IReadOnlyList<SimilarEntry>> NearestAsync(QuestionEmbedding embedding, double threshold = 0.9, int count = 10) =>
        Store.NearestAsync(Key("asked"), embedding, threshold, count, default);

    private static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
