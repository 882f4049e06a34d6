using System.ComponentModel.DataAnnotations;

namespace Minion.Models;

/// <summary>The gateway's settings, section <c>Models</c> of the configuration.</summary>
public sealed class ModelOptions
{
    /// <summary>How often a failed call is tried again, 0 to 10; 4 unless set, which is up to 30 seconds of waiting.</summary>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = 4;
}
