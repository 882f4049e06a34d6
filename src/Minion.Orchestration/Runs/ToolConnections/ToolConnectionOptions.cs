using System.ComponentModel.DataAnnotations;

namespace Minion.Orchestration.Runs.ToolConnections;

/// <summary>When the connection to the tool service is given up for a while, section <c>ToolConnection</c>.</summary>
internal sealed class ToolConnectionOptions
{
    public const string Section = "ToolConnection";

    /// <summary>Calls within <see cref="Window"/> that must have failed to connect, at least; 2 to 1,000, default 4.</summary>
    [Range(2, 1_000)]
    public int Failures { get; set; } = 4;

    /// <summary>Share of the calls within <see cref="Window"/> that must have; 0.01 to 1, default 0.5.</summary>
    [Range(0.01, 1.0)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How far back calls count; 1 s to 10 min, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long calls then fail at once, before one of them is tried; 500 ms to 10 min, default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan Break { get; set; } = TimeSpan.FromSeconds(2);
}
