using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Minion.Tools.Tenants;

namespace Minion.Tools.Mcp;

/// <summary>Settings of the client of MCP servers.</summary>
public sealed class McpOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Mcp";

    /// <summary>
    /// Whether sources of the default tenant may start any program on this machine (<c>command</c>) where <see cref="Commands"/> does not name it; false: no
    /// tenant starts any. Default: only where nobody has a key, so that only this machine's people reach the server.
    /// </summary>
    public bool? AllowCommands { get; set; }

    /// <summary>
    /// Programs that sources may start, by tenant: the words that a command and its arguments begin with (<c>npx -y @modelcontextprotocol/server-filesystem</c>),
    /// before them the variables that may be set (<c>LOG_LEVEL=</c>); <c>*</c> for any program. Default: none. A tenant that is named starts nothing else.
    /// </summary>
    public IDictionary<string, IReadOnlyList<string>> Commands { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

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

    internal void Read(IConfigurationSection section)
    {
        foreach (var tenant in section.GetSection(nameof(Commands)).GetChildren())
        {
            Commands[tenant.Key] = TenantSettings.Texts(tenant);
        }
    }

    /// <summary>What is wrong with the names of tenants.</summary>
    internal IEnumerable<string> Problems() => Commands.Keys.Where(tenant => !TenantSettings.IsName(tenant))
        .Select(tenant => $"{Section}:Commands has '{tenant}', but names of tenants must {TenantSettings.NameRule}.");
}
