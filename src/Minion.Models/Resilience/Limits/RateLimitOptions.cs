using System.ComponentModel.DataAnnotations;

namespace Minion.Models.Resilience;

/// <summary>How many calls to models, and how many tokens, a minute may see; section <c>Models:RateLimits</c> of the configuration.</summary>
public sealed class RateLimitOptions : IValidatableObject
{
    /// <summary>All callers together.</summary>
    public RateLimit Global { get; set; } = new();

    /// <summary>Each tenant.</summary>
    public RateLimit Tenant { get; set; } = new();

    /// <summary>Each user (principal) of a tenant.</summary>
    public RateLimit User { get; set; } = new();

    /// <summary>Each agent of a tenant.</summary>
    public RateLimit Agent { get; set; } = new();

    /// <summary>Limits for some instead: <c>tenant:NAME</c>, <c>user:TENANT/PRINCIPAL</c>, <c>agent:TENANT/NAME</c>. Configuration keys cannot hold a colon, so it may be written as <c>=</c>.</summary>
    public Dictionary<string, RateLimit> Overrides { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The longest that a call waits for its turn, in seconds, 0 to 300; 5 unless set. One that would wait longer fails at once.</summary>
    [Range(0, 300)]
    public int MaxWaitSeconds { get; set; } = 5;

    /// <summary>After so many milliseconds without an answer from Redis the process counts by itself, 10 to 5000; 250 unless set.</summary>
    [Range(10, 5_000)]
    public int RedisTimeoutMilliseconds { get; set; } = 250;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, limit) in Overrides.Concat([new("Global", Global), new("Tenant", Tenant), new("User", User), new("Agent", Agent)]))
        {
            if (limit.RequestsPerMinute < 0)
            {
                yield return new ValidationResult($"Models:RateLimits, {name}: RequestsPerMinute is {limit.RequestsPerMinute}; it must not be negative (0 is no limit).");
            }

            if (limit.TokensPerMinute < 0)
            {
                yield return new ValidationResult($"Models:RateLimits, {name}: TokensPerMinute is {limit.TokensPerMinute}; it must not be negative (0 is no limit).");
            }
        }

        foreach (var name in Overrides.Keys.Where(n => n.Split(':', '=')[0].ToLowerInvariant() is not ("tenant" or "user" or "agent")))
        {
            yield return new ValidationResult($"Models:RateLimits:Overrides: '{name}' is for nobody; write tenant:NAME, user:TENANT/PRINCIPAL or agent:TENANT/NAME.");
        }
    }
}

/// <summary>What one minute may see.</summary>
public sealed record RateLimit
{
    /// <summary>Calls; no limit when 0.</summary>
    public int RequestsPerMinute { get; set; }

    /// <summary>Tokens, in and out; no limit when 0.</summary>
    public long TokensPerMinute { get; set; }
}
