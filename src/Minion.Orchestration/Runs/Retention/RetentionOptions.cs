using System.ComponentModel.DataAnnotations;

namespace Minion.Orchestration.Runs.Retention;

/// <summary>How long runs and what their journals refer to are kept; section <c>Retention</c>.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>How long a run is kept after its end, with its journal; 1 min to 100 years, default 90 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan Runs { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a long text is kept after the last journal that referred to it is gone; 1 min to 100 years, default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan Texts { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Between two looks for what is over; 1 s to 1 day, default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Runs that one transaction removes at most; 1 to 10,000, default 100. It removes fewer when their journals are long.</summary>
    [Range(1, 10_000)]
    public int Batch { get; set; } = 100;
}
