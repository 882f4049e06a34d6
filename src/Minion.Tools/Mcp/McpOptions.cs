using System.ComponentModel.DataAnnotations;

namespace Minion.Tools.Mcp;

/// <summary>Settings of the client of MCP servers.</summary>
public sealed class McpOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Mcp";

    /// <summary>Whether sources may start programs on this machine (<c>command</c>); default: yes. Administrators of all tenants may then.</summary>
    public bool AllowCommands { get; set; } = true;

    /// <summary>Bytes of one message of a server; 64 KiB to 256 MiB, default 8 MiB. A longer one ends the connection.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int LargestMessage { get; set; } = 8 * 1024 * 1024;

    /// <summary>Connections (or processes) for each source in this process; 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int Connections { get; set; } = 4;

    /// <summary>
    /// How long a call stays open at a server that has asked in the middle of it; 0 to 1 hour, default 10 minutes. After that the call is
    /// made again, and what the server asks again is answered with what was said.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Hold { get; set; } = TimeSpan.FromMinutes(10);
}
