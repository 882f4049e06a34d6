using System.ComponentModel.DataAnnotations;

namespace Minion.Orchestration.Clusters.Folder;

/// <summary>The settings under <c>Clusters</c>: a folder whose cluster files the server applies whenever they change.</summary>
internal sealed class ClusterFolderOptions
{
    public const string Section = "Clusters";

    /// <summary>The folder; none by default. Its files (*.yaml, *.yml, *.json) are applied when the server starts and whenever one changes.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Whose clusters they are; the tenant <c>default</c> by default.</summary>
    [Required]
    public string Tenant { get; set; } = "default";

    /// <summary>How often it is looked at: 100 milliseconds to 1 hour, default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);
}
