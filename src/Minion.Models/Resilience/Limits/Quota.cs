using Minion.Contracts.Callers;

namespace Minion.Models.Resilience;

/// <summary>One counter that a call goes against.</summary>
/// <param name="Scope"><c>global</c>, <c>tenant</c>, <c>user</c> or <c>agent</c>.</param>
/// <param name="Name">Of whom, and of what: the counter's key.</param>
/// <param name="Limit">What a minute may see.</param>
/// <param name="IsTokens">Whether tokens are counted, else calls.</param>
internal readonly record struct Quota(string Scope, string Name, long Limit, bool IsTokens);

/// <summary>Which counters a call goes against.</summary>
internal sealed class Quotas
{
    private readonly RateLimitOptions _options;
    private readonly Dictionary<string, RateLimit> _overrides;

    public Quotas(RateLimitOptions options)
    {
        _options = options;
        _overrides = options.Overrides.ToDictionary(o => o.Key.Replace('=', ':'), o => o.Value, StringComparer.OrdinalIgnoreCase);
        Any = new[] { options.Global, options.Tenant, options.User, options.Agent }.Concat(_overrides.Values).Any(l => l.RequestsPerMinute > 0 || l.TokensPerMinute > 0);
    }

    /// <summary>Whether anything is limited at all.</summary>
    public bool Any { get; }

    public IReadOnlyList<Quota> Of(Caller caller, string? agent)
    {
        var quotas = new List<Quota>(8);
        Add("global", "global", _options.Global);
        Add("tenant", $"tenant:{caller.Tenant}", _options.Tenant);
        Add("user", $"user:{caller.Tenant}/{caller.Principal}", _options.User);
        if (!string.IsNullOrEmpty(agent))
        {
            Add("agent", $"agent:{caller.Tenant}/{agent}", _options.Agent);
        }

        return quotas;

        void Add(string scope, string name, RateLimit usual)
        {
            var limit = _overrides.GetValueOrDefault(name, usual);
            if (limit.RequestsPerMinute > 0)
            {
                quotas.Add(new Quota(scope, $"{name}:calls", limit.RequestsPerMinute, IsTokens: false));
            }

            if (limit.TokensPerMinute > 0)
            {
                quotas.Add(new Quota(scope, $"{name}:tokens", limit.TokensPerMinute, IsTokens: true));
            }
        }
    }
}
