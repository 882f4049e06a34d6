using System.ComponentModel.DataAnnotations;

namespace Minion.ServiceDefaults.Redis;

/// <summary>The settings in the section <c>Redis</c>. The server itself is named by <c>ConnectionStrings:redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>The section that these settings are read from.</summary>
    public const string Section = "Redis";

    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "redis";

    /// <summary>What the names of channels start with, so that several installations can share a Redis; default <c>minion</c>.</summary>
    [RegularExpression("[A-Za-z0-9_.-]{1,40}")]
    public string Prefix { get; set; } = "minion";

    /// <summary>How long a command may take before Redis counts as lost; 50 ms to 1 min, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);
}
