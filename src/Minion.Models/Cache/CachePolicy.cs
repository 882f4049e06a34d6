using System.Text.Json.Serialization;

namespace Minion.Models;

/// <summary>Which requests a cached answer may be given to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CacheMode>))]
public enum CacheMode
{
    /// <summary>To none: every call goes to the model.</summary>
    [JsonStringEnumMemberName("off")]
    Off,

    /// <summary>To the same request.</summary>
    [JsonStringEnumMemberName("exact")]
    Exact,

    /// <summary>To the same request, and to one whose question means the same, everything else being equal.</summary>
    [JsonStringEnumMemberName("semantic")]
    Semantic,
}

/// <summary>What a model's answers are kept for; <c>cache</c> of a model in a cluster file.</summary>
public sealed record CachePolicy
{
    /// <summary>The shortest <see cref="Ttl"/>.</summary>
    public static readonly TimeSpan LeastTtl = TimeSpan.FromSeconds(1);

    /// <summary>The longest <see cref="Ttl"/> and <see cref="StaleFor"/>.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromDays(30);

    /// <summary>The least <see cref="Threshold"/>; below it questions share little more than their form.</summary>
    public const double LeastThreshold = 0.3;

    /// <summary>The threshold unless another is set: chosen from the curve in <c>docs/cache.md</c>.</summary>
    public const double DefaultThreshold = 0.79;

    /// <summary>Which requests get cached answers.</summary>
    public CacheMode Mode { get; init; }

    /// <summary>How long an answer is fresh, 1 second to 30 days; 1 hour when null.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>How much longer it is kept for when no model answers, and then given out marked stale; 0 to 30 days, 1 day when null.</summary>
    public TimeSpan? StaleFor { get; init; }

    /// <summary>The least similarity of two questions that get the same answer, 0.3 to 1; <see cref="DefaultThreshold"/> when null.</summary>
    public double? Threshold { get; init; }

    /// <summary>Whether answers that call tools are kept too.</summary>
    public bool ToolCalls { get; init; }

    /// <summary>Whether requests that offer tools with side effects are answered from the cache too.</summary>
    public bool SideEffects { get; init; }

    /// <summary>Whether requests with personal context are too; their answers are then kept for the one principal alone.</summary>
    public bool Personal { get; init; }

    internal TimeSpan Fresh => Ttl ?? TimeSpan.FromHours(1);

    internal TimeSpan Stale => StaleFor ?? TimeSpan.FromDays(1);

    internal double LeastSimilarity => Threshold ?? DefaultThreshold;

    internal IEnumerable<(string Path, string Message)> Check()
    {
        if (!Enum.IsDefined(Mode))
        {
            yield return ("cache.mode", "must be off, exact or semantic.");
        }

        if (Ttl is { } ttl && (ttl < LeastTtl || ttl > LongestTtl))
        {
            yield return ("cache.ttl", "must be from 1 second to 30 days.");
        }

        if (StaleFor is { } stale && (stale < TimeSpan.Zero || stale > LongestTtl))
        {
            yield return ("cache.stale_for", "must be from 0 to 30 days.");
        }

        if (Threshold is { } threshold && !(threshold >= LeastThreshold && threshold <= 1))
        {
            yield return ("cache.threshold", "must be a number from 0.3 to 1.");
        }
        else if (Threshold is not null && Mode == CacheMode.Exact)
        {
            yield return ("cache.threshold", "is for the mode semantic: exact asks for no similarity.");
        }
    }
}
