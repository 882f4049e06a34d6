using System.Net;
using System.Net.Sockets;

namespace Minion.Tools.Network;

/// <summary>The two things that the guard asks of the network.</summary>
/// <param name="ResolveAsync">The addresses of a name.</param>
/// <param name="ConnectAsync">A connection to the first of the addresses that answers.</param>
internal sealed record NetworkCalls(
    Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync,
    Func<IPAddress[], int, CancellationToken, Task<Stream>> ConnectAsync)
{
    public static readonly NetworkCalls Real = new(Dns.GetHostAddressesAsync, ConnectRealAsync);

    private static async Task<Stream> ConnectRealAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
