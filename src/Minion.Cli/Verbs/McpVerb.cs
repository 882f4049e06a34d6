using System.CommandLine;
using Minion.Cli.Local;
using Minion.Cli.Mcp;
using Minion.Cli.Output;

namespace Minion.Cli.Verbs;

internal static class McpVerb
{
    public static Command Create(Terminal terminal)
    {
        var data = DataFolders.Option();
        var url = new Option<string?>("--url")
        {
            Description = "The address of the server's MCP endpoint. Default: that of the server that runs on the data folder.",
            HelpName = "address",
        };
        return new Command("mcp", "Is an MCP server on standard input and output, for programs that start one: the tools and agents of the running server, with the key in MINION_API_KEY.") { url, data }
            .Does(terminal, (invocation, cancellation) => ServeAsync(invocation, McpAddress.Find(invocation, url, data), cancellation));
    }

    private static async Task<int> ServeAsync(Invocation invocation, Uri endpoint, CancellationToken cancellation)
    {
        await using var bridge = McpBridge.Create(endpoint, invocation.Terminal.Environment("MINION_API_KEY"), invocation.Terminal.Time);
        await bridge.RunAsync(cancellation);
        return ExitCodes.Ok;
    }
}
