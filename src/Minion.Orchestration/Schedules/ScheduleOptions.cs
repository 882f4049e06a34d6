using System.ComponentModel.DataAnnotations;

namespace Minion.Orchestration.Schedules;

/// <summary>The settings in the section <c>Schedules</c>.</summary>
internal sealed class ScheduleOptions
{
    public const string Section = "Schedules";

    /// <summary>How often each process looks for schedules whose time has come; 100 ms to 1 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A time that is noticed later than this is a missed one; 1 s to 10 min, default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Tolerance { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Days after which it is forgotten what became of a time; 1 to 3650, default 30.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 30;
}
