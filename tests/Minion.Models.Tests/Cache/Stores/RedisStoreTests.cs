using Minion.Models.Cache;
using Minion.Testing.Redis;
using StackExchange.Redis;

namespace Minion.Models.Tests.Cache.Stores;

public sealed class RedisFixture : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public IConnectionMultiplexer Redis { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RedisServer.StartAsync();
        Redis = await ConnectionMultiplexer.ConnectAsync($"{Server.ConnectionString},connectTimeout=90000,syncTimeout=90000");
    }

    public async ValueTask DisposeAsync()
    {
        if (Redis is not null)
        {
            // Nothing is under way: there is no reason to wait for it as long as a command may take.
            await Redis.CloseAsync(allowCommandsToComplete: false);
            Redis.Dispose();
        }

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}

public sealed class RedisStoreTests : CacheStoreConformance, IClassFixture<RedisFixture>
{
    private readonly IConnectionMultiplexer _redis;
    private readonly RedisStore _store;

    public RedisStoreTests(RedisFixture fixture)
    {
        _redis = fixture.Redis;
        _store = new RedisStore(() => _redis, Options, Time);
    }

    private protected override ICacheStore Store => _store;

    [Fact]
    public async Task Everything_ends_by_itself_and_no_more_questions_are_kept_than_are_compared()
    {
        for (var i = 0; i < 50; i++)
        {
            await _store.PutAsync(Entry($"{i}", Angle(i)), default);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        var scope = Key("x").Scope;
        var database = _redis.GetDatabase();
        (await database.SortedSetLengthAsync($"minion:cache:{{{scope}}}:q")).ShouldBe(Options.MaxQuestions);
        (await database.KeyTimeToLiveAsync($"minion:cache:{{{scope}}}:q"))!.Value.ShouldBeInRange(TimeSpan.FromMinutes(119), TimeSpan.FromHours(2));
        (await database.KeyTimeToLiveAsync($"minion:cache:{{{scope}}}:a:{Key("49").Exact}"))!.Value.ShouldBeInRange(TimeSpan.FromMinutes(119), TimeSpan.FromHours(2));
    }
}
