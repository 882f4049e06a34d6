using Minion.Cli.Mcp;
using ModelContextProtocol.Client;
using ModelContextProtocol.Server;

namespace Minion.Cli.Tests.Mcp;

public sealed class McpBridgeTests
{
    [Fact]
    public async Task When_its_input_ends_it_is_done()
    {
        var nobody = new Uri("http://127.0.0.1:1/mcp");
        await using var http = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = nobody, TransportMode = HttpTransportMode.StreamableHttp });
        var server = await http.ConnectAsync(TestContext.Current.CancellationToken);
        await using var bridge = new McpBridge(new StreamServerTransport(Stream.Null, Stream.Null), server, nobody, TimeProvider.System);

        await Should.NotThrowAsync(bridge.RunAsync(TestContext.Current.CancellationToken));
    }
}
