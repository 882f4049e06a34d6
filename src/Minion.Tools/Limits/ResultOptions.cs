using System.ComponentModel.DataAnnotations;

namespace Minion.Tools.Limits;

/// <summary>Settings of results that are kept.</summary>
public sealed class ResultOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Results";

    /// <summary>Bytes of memory for results that answer the same call again; 0 to 4 GiB, default 64 MiB.</summary>
    [Range(0L, 4L * 1024 * 1024 * 1024)]
    public long CacheBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long results that were too long for a model can be read with <c>read_result</c>; 1 hour to 1 year, default 7 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The longest result that is kept so, in characters; 0 keeps none, up to 64 Mi, default 16 Mi.</summary>
    [Range(0, 64 * 1024 * 1024)]
    public int MostCharacters { get; set; } = 16 * 1024 * 1024;
}
