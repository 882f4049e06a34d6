using System.ComponentModel.DataAnnotations;

namespace Minion.ServiceDefaults.Drain;

/// <summary>How a process goes down; configuration section <c>Drain</c>.</summary>
public sealed class DrainOptions
{
    /// <summary>
    /// Seconds between saying "not ready" and doing anything else, so that load balancers look elsewhere first; 0 to 300, default 0.
    /// </summary>
    [Range(0, 300)]
    public double AnnounceSeconds { get; set; }

    /// <summary>Seconds that calls under way have to finish; 0 to 3,600, default 10.</summary>
    [Range(0, 3_600)]
    public double GraceSeconds { get; set; } = 10;
}
