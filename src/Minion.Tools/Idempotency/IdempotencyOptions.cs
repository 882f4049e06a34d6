using System.ComponentModel.DataAnnotations;

namespace Minion.Tools.Idempotency;

/// <summary>Settings of calls with an idempotency key.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Idempotency";

    /// <summary>How long a call with the same key gets the result of the first; 1 hour to 1 year, default 7 days. Later it is a new call.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);
}
