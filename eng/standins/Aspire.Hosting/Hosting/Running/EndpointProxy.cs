using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// One port in front of several processes. It knows nothing of what passes: each connection goes to the next process in turn, or to the
/// one after it when that does not answer.
/// </summary>
internal sealed class EndpointProxy : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<IReadOnlyList<int>> _targets;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _next;

    /// <exception cref="SocketException">The port is taken.</exception>
    public EndpointProxy(int port, Func<IReadOnlyList<int>> targets)
    {
        _listener = PortAllocation.Listen(port);
        _targets = targets;
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                if (await ConnectAsync() is not { } server)
                {
                    return;
                }

                using (server)
                {
                    client.NoDelay = true;
                    await Task.WhenAny(PassAsync(client, server), PassAsync(server, client));
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Both ends are closed; each sees that of itself.
            }
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        var targets = _targets();
        var first = (uint)Interlocked.Increment(ref _next);
        for (var i = 0u; i < targets.Count; i++)
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, targets[(int)((first + i) % targets.Count)]), _stop.Token);
                return server;
            }
            catch (SocketException)
            {
                server.Dispose();
            }
        }

        return null;
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
        {
            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
            }
        }
    }
}
