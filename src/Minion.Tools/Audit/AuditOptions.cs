using System.ComponentModel.DataAnnotations;

namespace Minion.Tools.Audit;

/// <summary>Settings of the record of tool calls.</summary>
public sealed class AuditOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Audit";

    /// <summary>How long records are kept; 1 day to 10 years, default 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);
}
