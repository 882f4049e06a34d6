using Minion.Models.Cache;

namespace Minion.Models.Tests.Cache.Stores;

public sealed class MemoryStoreTests : CacheStoreConformance
{
    private readonly MemoryStore _store;

    public MemoryStoreTests() => _store = new MemoryStore(Options, Time);

    private protected override ICacheStore Store => _store;

    [Fact]
    public async Task Beyond_the_number_the_least_recently_used_go()
    {
        Options.MaxEntries = 3;
        foreach (var question in new[] { "a", "b", "c" })
        {
            await _store.PutAsync(Entry(question, null), default);
        }

        _store.Find(Key("a")).ShouldNotBeNull();
        await _store.PutAsync(Entry("d", null), default);

        _store.Find(Key("b")).ShouldBeNull();
        new[] { "a", "c", "d" }.ShouldAllBe(q => _store.Find(Key(q)) != null);
        _store.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Beyond_the_bytes_too_and_what_is_larger_than_all_of_them_is_not_taken()
    {
        Options.MaxBytes = 65_536;
        for (var i = 0; i < 100; i++)
        {
            await _store.PutAsync(Entry($"{i}", Angle(i), new string('x', 3_000)), default);
            _store.Bytes.ShouldBeLessThanOrEqualTo(Options.MaxBytes);
        }

        _store.Count.ShouldBeInRange(5, 20);
        var kept = _store.Count;
        await _store.PutAsync(Entry("large", null, new string('x', 40_000)), default);
        _store.Count.ShouldBe(kept);
        (await NearestAsync(Angle(0), -1, 1_000)).Count.ShouldBeLessThanOrEqualTo(kept);
    }

    [Fact]
    public async Task Of_a_scope_no_more_than_the_newest_questions_are_compared()
    {
        for (var i = 0; i < 100; i++)
        {
            await _store.PutAsync(Entry($"{i}", Vector(1, 0)), default);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        var compared = await NearestAsync(Vector(1, 0), 0.9, 1_000);
        compared.Count.ShouldBeInRange(Options.MaxQuestions, Options.MaxQuestions + (Options.MaxQuestions / 8));
        compared[0].Entry.Key.Question.ShouldBe("99");
    }
}
