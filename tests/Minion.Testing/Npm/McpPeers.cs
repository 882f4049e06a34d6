using System.Runtime.InteropServices;
using Xunit;

namespace Minion.Testing.Npm;

/// <summary>
/// Programs of others that speak MCP: <c>@modelcontextprotocol/conformance</c>, <c>/inspector</c> and <c>/server-everything</c>, with a Node.js
/// that is new enough for them. Their versions are those of the lock file in <c>mcp/</c>.
/// </summary>
public sealed class McpPeers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _modules;

    private McpPeers(string modules, string node)
    {
        _modules = modules;
        Node = node;
    }

    /// <summary>The Node.js to run them with; also first on the PATH of what <see cref="RunAsync"/> runs.</summary>
    public string Node { get; }

    /// <summary>The script of the conformance suite.</summary>
    public string Conformance => Script("conformance", "dist", "index.js");

    /// <summary>The script of the inspector; <c>--cli</c> makes it one for the command line.</summary>
    public string Inspector => Script("inspector", "clients", "launcher", "build", "index.js");

    /// <summary>The script of the server that has one of everything; its argument is <c>stdio</c> or <c>streamableHttp</c> (with the port in PORT).</summary>
    public string ServerEverything => Script("server-everything", "dist", "index.js");

    /// <summary>Installs them when they are not yet there. Skips the test where that cannot be.</summary>
    public static async Task<McpPeers> InstallAsync()
    {
        var modules = Path.Combine(await NpmPackages.InstallAsync(Path.Combine(AppContext.BaseDirectory, "Npm", "mcp")), "node_modules");
        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var node = Path.Combine(modules, $"node-linux-{architecture}", "bin", "node");
        Assert.SkipUnless(File.Exists(node), "The MCP programs from npm need Node.js 22, whose package there is for Linux only.");
        return new McpPeers(modules, node);
    }

    /// <summary>Runs a script of them to its end.</summary>
    public Task<ProgramRun> RunAsync(string script, params IEnumerable<string> arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = $"{Path.GetDirectoryName(Node)}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}",
            ["NO_COLOR"] = "1",
        };
        return ProgramRun.StartAsync(Node, [script, .. arguments], Path.GetTempPath(), Patience, environment);
    }

    private string Script(params IEnumerable<string> path) => Path.Combine([_modules, "@modelcontextprotocol", .. path]);
}
