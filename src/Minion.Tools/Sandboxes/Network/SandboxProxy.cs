using System.Net.Sockets;
using System.Text;
using Minion.Tools.Network;

namespace Minion.Tools.Sandboxes.Network;

/// <summary>
/// The only way out of one sandbox: an HTTP proxy on a socket file of its own, which connects to allowed hosts through the guard. It lives as
/// long as the call.
/// </summary>
internal sealed class SandboxProxy : IAsyncDisposable
{
    private const int Connections = 64;
    private const int LongestHead = 16 * 1024;

    private readonly string _folder;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _free = new(Connections);
    private readonly AddressGuard _guard;
    private readonly Task _accepting;

    /// <summary>Listens.</summary>
    /// <param name="guard">Allows the hosts that the sandbox may connect to, and no other.</param>
    public SandboxProxy(AddressGuard guard)
    {
        _guard = guard;

        // A short path (108 bytes are all that an address has), which the sandbox's own user can enter but not list.
        _folder = Directory.CreateTempSubdirectory("minion-proxy-").FullName;
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Path = System.IO.Path.Combine(_folder, Guid.CreateVersion7().ToString("n"));
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        File.SetUnixFileMode(Path, (UnixFileMode)0b110_110_110);
        _listener.Listen(Connections);
        _accepting = AcceptAsync();
    }

    /// <summary>The socket's file.</summary>
    public string Path { get; }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Directory.Delete(_folder, recursive: true);
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _free.WaitAsync(_ended.Token);
                _ = ServeAsync(await _listener.AcceptAsync(_ended.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The call has ended.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var client = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await ServeAsync(client, _ended.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of the two ends has gone.
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task ServeAsync(NetworkStream client, CancellationToken cancellationToken)
    {
        var (head, rest) = await ReadHeadAsync(client, cancellationToken);
        if (head is null || !ProxyRequest.TryParse(head, out var request))
        {
            await AnswerAsync(client, "400 Bad Request", "This proxy takes CONNECT and requests for http URLs.", cancellationToken);
            return;
        }

        Stream server;
        try
        {
            server = await _guard.ConnectAsync(request.Host, request.Port, cancellationToken);
        }
        catch (AddressRefusedException)
        {
            await AnswerAsync(client, "403 Forbidden", $"{request.Host}:{request.Port} is not among the hosts that code may connect to (Tools:Sandbox:AllowedHosts).", cancellationToken);
            return;
        }
        catch (SocketException)
        {
            await AnswerAsync(client, "502 Bad Gateway", $"{request.Host}:{request.Port} cannot be reached.", cancellationToken);
            return;
        }

        await using (server)
        {
            if (request.IsTunnel)
            {
                await client.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), cancellationToken);
            }

            await server.WriteAsync(request.Forwarded, cancellationToken);
            await server.WriteAsync(rest, cancellationToken);
            var up = CarryAsync(client, server, cancellationToken);
            await CarryAsync(server, client, cancellationToken);
            socketEnd(client);
            await up.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        static void socketEnd(NetworkStream stream) => stream.Socket.Shutdown(SocketShutdown.Both);
    }

    private static async Task CarryAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
        await source.CopyToAsync(target, cancellationToken);
        if (target is NetworkStream stream)
        {
            stream.Socket.Shutdown(SocketShutdown.Send);
        }
    }

    private static async Task<(string? Head, byte[] After)> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestHead];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                break;
            }

            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is var end and >= 0)
            {
                return (Encoding.Latin1.GetString(buffer, 0, end), buffer[(end + 4)..length]);
            }
        }

        return (null, []);
    }

    private static async Task AnswerAsync(Stream client, string status, string text, CancellationToken cancellationToken) =>
        await client.WriteAsync(
            Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n{text}"),
            cancellationToken);
}
