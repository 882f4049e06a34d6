using System.Net;
using System.Net.Sockets;
using System.Text;
using Minion.Tools.Network;

namespace Minion.Tools.Tests.Sandboxes;

public sealed class SandboxNetworkTests : IDisposable
{
    private const string Fetch = """
        import sys, urllib.request, urllib.error
        for url in sys.stdin.read().split():
            try:
                print(urllib.request.urlopen(url, timeout=90).read().decode())
            except urllib.error.HTTPError as error:
                print(error.code)
            except OSError as error:
                print("no way")
        """;

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly SandboxHarness _sandboxes;

    public SandboxNetworkTests()
    {
        SandboxHarness.SkipWithout();
        _server.Start();
        _ = ServeAsync();
        var network = new NetworkOptions { Allow = { "127.0.0.1" } };
        _sandboxes = new SandboxHarness(options => options.AllowedHosts.Add($"allowed.example:{Port}"), () => new AddressGuard(network, Names()));
    }

    private int Port => ((IPEndPoint)_server.LocalEndpoint).Port;

    public void Dispose()
    {
        _server.Dispose();
        _sandboxes.Dispose();
    }

    [Fact]
    public async Task Allowed_hosts_are_reached_through_the_proxy_and_no_others()
    {
        var result = (await _sandboxes.Python.InvokeAsync(System.Text.Json.JsonSerializer.Serialize(new
        {
            code = Fetch,
            stdin = $"http://allowed.example:{Port}/ http://other.example:{Port}/ http://127.0.0.1:{Port}/",
        }))).Value();

        result.GetProperty("stdout").GetString().ShouldBe("hello\n403\n403\n", result.ToString());
    }

    [Fact]
    public async Task Without_the_proxy_nothing_is_reached_although_hosts_are_allowed()
    {
        var result = await _sandboxes.PythonAsync($"""
            import socket
            try:
                socket.create_connection(("127.0.0.1", {Port}), timeout=5)
                print("ESCAPED")
            except OSError:
                print("HELD")
            """);

        result.Output.ShouldBe("HELD\n");
    }

    private static NetworkCalls Names() => NetworkCalls.Real with { ResolveAsync = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }) };

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _server.AcceptTcpClientAsync();
                var stream = client.GetStream();
                await stream.ReadExactlyAsync(new byte[4]);
                await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"));
                client.Client.Shutdown(SocketShutdown.Send);
                while (await stream.ReadAsync(new byte[1024]) > 0)
                {
                    // The rest of the request: closing with it unread would reset the connection.
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException)
        {
            // The test has ended.
        }
    }
}
