using System.Globalization;
using StackExchange.Redis;

namespace Minion.Models.Resilience;

/// <summary>Counters that all processes share, in Redis; its clock counts. Each call is one script, so that nobody comes in between.</summary>
internal sealed class RedisRateCounters(IConnectionMultiplexer redis) : IRateCounters
{
    // The braces keep all counters of a call on one node of a cluster.
    private const string Prefix = "{minion:rate}:";

    private const string Roll = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local minute, passed = math.floor(now / 60000), now % 60000
        local function read(key)
          local h = redis.call('HMGET', key, 'm', 'c', 'p')
          local m, c, p = tonumber(h[1] or 0), tonumber(h[2] or 0), tonumber(h[3] or 0)
          if m == minute then return c, p end
          if m == minute - 1 then return 0, c end
          return 0, 0
        end
        local function write(key, c, p)
          redis.call('HMSET', key, 'm', string.format('%.0f', minute), 'c', string.format('%.0f', math.max(0, c)), 'p', string.format('%.0f', p))
          redis.call('PEXPIRE', key, 120000)
        end

        """;

    private const string Take = Roll + """
        local worst, index = 0, 0
        local currents, befores = {}, {}
        for i, key in ipairs(KEYS) do
          local amount, limit = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
          local c, p = read(key)
          currents[i], befores[i] = c, p
          local room = math.max(0, limit - amount)
          if c + p * (1 - passed / 60000) > room + 1e-6 then
            local wait
            if c <= room then wait = math.ceil(60000 * (1 - (room - c) / p)) - passed
            else wait = 60000 - passed + math.ceil(60000 * (1 - room / c)) end
            wait = math.max(1, wait)
            if wait > worst then worst, index = wait, i end
          end
        end
        if index > 0 then return {index, worst} end
        for i, key in ipairs(KEYS) do write(key, currents[i] + tonumber(ARGV[2 * i - 1]), befores[i]) end
        return {0, 0}
        """;

    private const string Settle = Roll + """
        for i, key in ipairs(KEYS) do
          local c, p = read(key)
          write(key, c + tonumber(ARGV[i]), p)
        end
        return 1
        """;

    public async Task<RateVerdict> TakeAsync(IReadOnlyList<Quota> quotas, long tokens, CancellationToken cancellationToken)
    {
        RedisValue[] values = [.. quotas.SelectMany(q => new RedisValue[] { q.IsTokens ? tokens : 1, q.Limit })];
        var answer = (long[])await redis.GetDatabase().ScriptEvaluateAsync(Take, Keys(quotas), values);
        return answer is [> 0 and var index, var wait]
            ? new RateVerdict(quotas[(int)index - 1], TimeSpan.FromMilliseconds(wait))
            : RateVerdict.Allowed;
    }

    public Task SettleAsync(IReadOnlyList<Quota> quotas, long tokens)
    {
        Quota[] counted = [.. quotas.Where(q => q.IsTokens)];
        return redis.GetDatabase().ScriptEvaluateAsync(
            Settle, Keys(counted), [.. counted.Select(_ => (RedisValue)tokens.ToString(CultureInfo.InvariantCulture))]);
    }

    private static RedisKey[] Keys(IReadOnlyList<Quota> quotas) => [.. quotas.Select(q => (RedisKey)(Prefix + q.Name))];
}
