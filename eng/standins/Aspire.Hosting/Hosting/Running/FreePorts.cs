using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// Free ports. Each is held for as long as the application runs, so that nobody else is given it before its process listens, or while that
/// is started again.
/// </summary>
internal sealed class FreePorts : IDisposable
{
    private readonly List<Socket> _held = [];

    public int Next()
    {
        // A bound socket that does not listen lets others listen when both allow the address to be used again, which servers do.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _held.Add(socket);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose() => _held.ForEach(s => s.Dispose());
}
