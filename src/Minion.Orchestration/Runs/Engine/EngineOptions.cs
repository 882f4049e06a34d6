using System.ComponentModel.DataAnnotations;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Settings of the engine, section <c>Engine</c>.</summary>
internal sealed class EngineOptions
{
    public const string Section = "Engine";

    /// <summary>How long a worker holds its runs without a heartbeat; 1 s to 5 min, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs that a process executes at the same time; 1 to 100,000, default 1,024.</summary>
    [Range(1, 100_000)]
    public int Capacity { get; set; } = 1_024;

    /// <summary>How long calls under way may go on after a stop was asked for; 0 to 10 min, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bounds of the adaptive poll that stands behind the wake-ups; 10 ms to 1 min, default 50 ms to 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollShortest { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc cref="PollShortest"/>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollLongest { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Where it is written at which failpoint this process kills itself: for the crash harness only, default none. Refused at start without
    /// <see cref="AllowFailpoints"/>.
    /// </summary>
    public string? FailpointFile { get; set; }

    /// <summary>Whether <see cref="FailpointFile"/> may be set; default false.</summary>
    public bool AllowFailpoints { get; set; }

    /// <summary>Heartbeats per lease are five, so that four may be lost.</summary>
    public TimeSpan Heartbeat => Lease / 5;
}
