using System.ComponentModel.DataAnnotations;

namespace Minion.Tools.BuiltIn.Files;

/// <summary>Settings of the file tools.</summary>
public sealed class FileToolOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Files";

    /// <summary>
    /// The folder that all workspaces are in; several processes with the tools share it. Default: <c>files</c> in the data folder.
    /// </summary>
    public string Root { get; set; } = "";

    /// <summary>Who shares a workspace: the runs of one session (default), of one agent, or all of the tenant.</summary>
    [EnumDataType(typeof(WorkspaceScope))]
    public WorkspaceScope Scope { get; set; } = WorkspaceScope.Session;

    /// <summary>Bytes that one workspace may hold; 1 MiB to 1 TiB, default 256 MiB.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>Files and folders that one workspace may hold; 10 to 1,000,000, default 10,000.</summary>
    [Range(10, 1_000_000)]
    public int MaxFiles { get; set; } = 10_000;

    /// <summary>How long a workspace is kept in which nothing is written; 1 hour to 10 years, default 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}

/// <summary>Who shares a workspace.</summary>
public enum WorkspaceScope
{
    /// <summary>The runs of one session; without a session each run has its own, and each principal who calls tools directly.</summary>
    Session,

    /// <summary>All runs of one agent.</summary>
    Agent,

    /// <summary>Everybody of the tenant.</summary>
    Tenant,
}
