using System.Net.Sockets;
using System.Text;

namespace Minion.Tools.Network.Proxy;

/// <summary>One connection of a program to the proxy: one tunnel, or one request.</summary>
internal sealed class ProxiedConnection(Stream client, AddressGuard guard, TimeProvider time, Action<string> refused)
{
    /// <summary>The header of the proxy's own refusals, by which they are told from a server's.</summary>
    public const string RefusalHeader = "X-Minion-Refused";

    private const int LargestHead = 64 * 1024;
    private static readonly TimeSpan HeadTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(15);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestHead];
        var (length, end) = await ReadHeadAsync(buffer, cancellationToken);
        if (end < 0 || ProxyRequest.Read(buffer.AsSpan(0, end)) is not { } request)
        {
            await AnswerAsync("400 Bad Request", "This is a proxy for absolute http URLs and for CONNECT.", cancellationToken);
            return;
        }

        if (await ConnectAsync(request, cancellationToken) is not { } server)
        {
            return;
        }

        await using (server)
        {
            var early = buffer.AsMemory(end, length - end);
            await (request.IsTunnel ? TunnelAsync(server, early, cancellationToken) : PassOnAsync(request, server, early, cancellationToken));
        }
    }

    private async Task<(int Length, int End)> ReadHeadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        using var limit = Limit(HeadTime, cancellationToken);
        for (var length = 0; length < buffer.Length;)
        {
            var read = await client.ReadAsync(buffer.AsMemory(length), limit.Token);
            if (read == 0)
            {
                break;
            }

            var from = Math.Max(0, length - 3);
            length += read;
            var end = buffer.AsSpan(from, length - from).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return (length, from + end + 4);
            }
        }

        return (0, -1);
    }

    private async Task<Stream?> ConnectAsync(ProxyRequest request, CancellationToken cancellationToken)
    {
        using var limit = Limit(ConnectTime, cancellationToken);
        try
        {
            return await guard.ConnectAsync(request.Host, request.Port, limit.Token);
        }
        catch (AddressRefusedException)
        {
            refused(request.Host);
            await AnswerAsync($"403 Forbidden\r\n{RefusalHeader}: address", "This address is not allowed.", cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException or ArgumentException)
        {
            await AnswerAsync("502 Bad Gateway", "The host is not known, or cannot be reached.", cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await AnswerAsync("504 Gateway Timeout", "The host did not answer in time.", cancellationToken);
        }

        return null;
    }

    private async Task TunnelAsync(Stream server, ReadOnlyMemory<byte> early, CancellationToken cancellationToken)
    {
        await client.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), cancellationToken);
        await server.WriteAsync(early, cancellationToken);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = CopyAsync(client, server, both.Token);
        var down = CopyAsync(server, client, both.Token);
        await Task.WhenAny(up, down);

        // What one end has said to the end may still be read; a connection half closed for long is none.
        both.CancelAfter(TimeSpan.FromSeconds(10));
        await Task.WhenAll(up, down);
    }

    private async Task PassOnAsync(ProxyRequest request, Stream server, ReadOnlyMemory<byte> early, CancellationToken cancellationToken)
    {
        await server.WriteAsync(request.Head, cancellationToken);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var body = SendBodyAsync(request.BodyLength, early, server, answered.Token);
        await server.CopyToAsync(client, cancellationToken);
        await answered.CancelAsync();
        await body;
    }

    /// <summary>No byte more than the request has: what follows is another request, perhaps for another host.</summary>
    private async Task SendBodyAsync(long length, ReadOnlyMemory<byte> early, Stream server, CancellationToken cancellationToken)
    {
        try
        {
            var first = early[..(int)Math.Min(length, early.Length)];
            await server.WriteAsync(first, cancellationToken);
            var buffer = new byte[16 * 1024];
            for (var left = length - first.Length; left > 0;)
            {
                var read = await client.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
                if (read == 0)
                {
                    return;
                }

                await server.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                left -= read;
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server has answered without the rest, or the client has gone.
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        try
        {
            await from.CopyToAsync(to, cancellationToken);
            if (to is NetworkStream { Socket: var socket })
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other direction ends with it.
        }
    }

    private async Task AnswerAsync(string status, string text, CancellationToken cancellationToken)
    {
        var body = text + "\n";
        await client.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"),
            cancellationToken);
    }

    private LimitedTime Limit(TimeSpan most, CancellationToken cancellationToken) => new(most, time, cancellationToken);

    private sealed class LimitedTime : IDisposable
    {
        private readonly CancellationTokenSource _timer;
        private readonly CancellationTokenSource _linked;

        public LimitedTime(TimeSpan most, TimeProvider time, CancellationToken cancellationToken)
        {
            _timer = new CancellationTokenSource(most, time);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
        }

        public CancellationToken Token => _linked.Token;

        public void Dispose()
        {
            _linked.Dispose();
            _timer.Dispose();
        }
    }
}
