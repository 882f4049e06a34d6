using System.ComponentModel.DataAnnotations;

namespace Minion.Orchestration.Sessions;

/// <summary>The settings in the section <c>Sessions</c>.</summary>
internal sealed class SessionSweepOptions
{
    /// <summary>The section that these settings are read from.</summary>
    public const string Section = "Sessions";

    /// <summary>Seconds between two looks for sessions that are over, 1 to 86400. Default 60.</summary>
    [Range(1, 86400)]
    public int SweepSeconds { get; set; } = 60;

    /// <summary>Days after which an expired session is deleted with its messages, 1 to 36500. Default 90.</summary>
    [Range(1, 36500)]
    public int RetentionDays { get; set; } = 90;

    /// <summary>The most sessions that one transaction of the sweep changes, 1 to 10000. Default 500.</summary>
    [Range(1, 10000)]
    public int SweepBatch { get; set; } = 500;
}
