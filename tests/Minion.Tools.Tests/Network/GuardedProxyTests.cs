using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Minion.Tools.Network;
using Minion.Tools.Network.Proxy;

namespace Minion.Tools.Tests.Network;

/// <summary>The proxy on the wire. Names lead to this machine; the guard allows what the pattern says.</summary>
public sealed class GuardedProxyTests : IAsyncLifetime
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly List<string> _refused = [];
    private GuardedProxy _proxy = null!;

    private int Port => ((IPEndPoint)_server.LocalEndpoint).Port;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        var network = NetworkCalls.Real with { ResolveAsync = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) };
        _proxy = GuardedProxy.OnLoopback(new AddressGuard(new NetworkOptions { Allow = { "allowed.example" } }, network), TimeProvider.System, NullLogger.Instance);
        _proxy.Refused += _refused.Add;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task A_request_is_passed_on_without_what_is_the_proxys_own()
    {
        using var client = await SendAsync(
            $"GET http://allowed.example:{Port}/a?b=1 HTTP/1.1\r\nHost: other.example\r\nProxy-Authorization: x\r\nUpgrade: y\r\nX-Own: 1\r\n\r\n");
        using var server = await _server.AcceptSocketAsync(TestContext.Current.CancellationToken);

        var head = await ReadAsync(server, "\r\n\r\n");
        await server.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
        server.Close();

        head.ShouldBe($"GET /a?b=1 HTTP/1.1\r\nHost: allowed.example:{Port}\r\nX-Own: 1\r\nConnection: close\r\n\r\n");
        (await ReadToEndAsync(client)).ShouldBe("HTTP/1.1 204 No Content\r\n\r\n");
    }

    [Fact]
    public async Task A_second_request_never_reaches_the_first_ones_server()
    {
        using var client = await SendAsync(
            $"POST http://allowed.example:{Port}/ HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET http://secret.example/ HTTP/1.1\r\nCookie: secret\r\n\r\n");
        using var server = await _server.AcceptSocketAsync(TestContext.Current.CancellationToken);

        await ReadAsync(server, "\r\n\r\n");
        (await ReadAsync(server, "abc")).ShouldBe("abc");
        await client.SendAsync("more"u8.ToArray());
        await server.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);

        (await ReadToEndAsync(client)).ShouldStartWith("HTTP/1.1 204");
        (await ReadToEndAsync(server)).ShouldBe("");
    }

    [Fact]
    public async Task A_tunnel_carries_bytes_both_ways()
    {
        using var client = await SendAsync($"CONNECT allowed.example:{Port} HTTP/1.1\r\nHost: allowed.example\r\n\r\n");
        using var server = await _server.AcceptSocketAsync(TestContext.Current.CancellationToken);

        (await ReadAsync(client, "\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");
        await client.SendAsync("ping"u8.ToArray());
        (await ReadAsync(server, "ping")).ShouldBe("ping");
        await server.SendAsync("pong"u8.ToArray());
        (await ReadAsync(client, "pong")).ShouldBe("pong");
    }

    [Theory]
    [InlineData("CONNECT inside.example:443 HTTP/1.1\r\n\r\n", "403")]
    [InlineData("GET http://inside.example/ HTTP/1.1\r\n\r\n", "403")]
    [InlineData("CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n", "403")]
    [InlineData("CONNECT [::1]:22 HTTP/1.1\r\n\r\n", "403")]
    [InlineData("CONNECT 0x7f000001:22 HTTP/1.1\r\n\r\n", "403")]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "400")]
    [InlineData("GET https://allowed.example/ HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET http://user:secret@allowed.example/ HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET ftp://allowed.example/ HTTP/1.1\r\n\r\n", "400")]
    [InlineData("CONNECT allowed.example HTTP/1.1\r\n\r\n", "400")]
    [InlineData("CONNECT allowed.example:0 HTTP/1.1\r\n\r\n", "400")]
    [InlineData("POST http://allowed.example/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "400")]
    [InlineData("POST http://allowed.example/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400")]
    [InlineData("nonsense\r\n\r\n", "400")]
    [InlineData("\r\n\r\n", "400")]
    public async Task What_is_not_allowed_or_no_request_is_answered_so(string request, string status)
    {
        using var client = await SendAsync(request);

        (await ReadToEndAsync(client)).ShouldStartWith($"HTTP/1.1 {status} ");
        _refused.Count.ShouldBe(status == "403" ? 1 : 0);
    }

    [Fact]
    public async Task A_head_without_an_end_is_refused()
    {
        using var client = await SendAsync("GET http://allowed.example/ HTTP/1.1\r\nX: " + new string('x', 70_000));

        (await ReadToEndAsync(client)).ShouldStartWith("HTTP/1.1 400 ");
    }

    private async Task<Socket> SendAsync(string request)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_proxy.EndPoint);
        await client.SendAsync(Encoding.ASCII.GetBytes(request));
        return client;
    }

    private static async Task<string> ReadAsync(Socket socket, string until)
    {
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith(until, StringComparison.Ordinal) && await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) > 0)
        {
            text.Append((char)buffer[0]);
        }

        return text.ToString();
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is var read and > 0)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // The other end closed while something was on its way.
        }

        return text.ToString();
    }
}
