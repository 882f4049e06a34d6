using System.ComponentModel.DataAnnotations;

namespace Minion.Data;

/// <summary>The settings in the section <c>Database</c>. The server itself is named by <c>ConnectionStrings:minion</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The section that these settings are read from.</summary>
    public const string Section = "Database";

    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "minion";

    /// <summary>What the names of the database roles start with; at most 40 characters. Default: the database's name.</summary>
    [MaxLength(40)]
    public string? RolePrefix { get; set; }

    /// <summary>Connections that each database role may hold at once, 1 to 500. Default 16.</summary>
    [Range(1, 500)]
    public int MaxPoolSize { get; set; } = 16;

    /// <summary>Seconds that a command may take before it is cancelled, 1 to 3600. Default 30.</summary>
    [Range(1, 3600)]
    public int CommandTimeout { get; set; } = 30;

    /// <summary>How long a host that starts waits for a database that does not answer, up to 1 hour. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StartPatience { get; set; } = TimeSpan.FromMinutes(1);
}
