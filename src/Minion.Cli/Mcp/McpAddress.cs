using System.CommandLine;
using Minion.Cli.Local;

namespace Minion.Cli.Mcp;

/// <summary>Where the MCP endpoint of the server is.</summary>
internal static class McpAddress
{
    private const string Path = "/mcp";
    private const string DefaultServer = "http://localhost:5080";

    /// <exception cref="CliFailure">The address is not one.</exception>
    public static Uri Find(Invocation invocation, Option<string?> url, Option<string?> data)
    {
        if (invocation.Get(url) is { } given)
        {
            return Uri.TryCreate(given.Trim(), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? address.AbsolutePath == "/" ? new Uri(address, Path) : address
                : throw new CliFailure(ExitCodes.Usage, "usage", $"'{given}' is not the address of an MCP endpoint.", $"An address looks like {DefaultServer}{Path}.");
        }

        var running = DataFolders.Running(DataFolders.Resolve(invocation, data), out _);
        return new Uri(new Uri(running?.Http ?? DefaultServer), Path);
    }
}
