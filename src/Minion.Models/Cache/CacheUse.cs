using Minion.Models.Pipeline;

namespace Minion.Models.Cache;

/// <summary>Whether a request uses the cache, and how.</summary>
/// <param name="Policy">What the model's definition says.</param>
/// <param name="Key">Where the answer belongs; null when the cache is not used.</param>
/// <param name="Bypass">Why not, although the model has a cache; see <see cref="BypassReason"/>.</param>
internal readonly record struct CacheUse(CachePolicy Policy, CacheKey? Key, string? Bypass)
{
    public static CacheUse Of(ChatRequest request)
    {
        if (request.Definition.Cache is not { Mode: not CacheMode.Off } policy)
        {
            return default;
        }

        if (Eligibility.Bypass(request, policy) is { } reason)
        {
            return new CacheUse(policy, null, reason);
        }

        try
        {
            return new CacheUse(policy, CanonicalRequest.Key(request, policy), null);
        }
        catch (NotCacheableException)
        {
            return new CacheUse(policy, null, BypassReason.Format);
        }
    }
}
