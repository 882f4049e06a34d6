using System.Net;
using System.Net.Sockets;

namespace Minion.Testing.Ports;

/// <summary>
/// A port of the loopback address that nobody else is given for as long as this lives: not to a listener that takes any port, nor to a
/// connection. Its owner can listen on it, as often as wanted; until then connections are refused.
/// </summary>
public sealed class ReservedPort : IDisposable
{
    private readonly Socket _held = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort()
    {
        // A bound socket that does not listen lets others listen when both allow the address to be used again, which servers do.
        _held.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        _held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_held.LocalEndPoint!).Port;
    }

    public int Number { get; }

    /// <summary>The address as a URL.</summary>
    public string Url => $"http://127.0.0.1:{Number}";

    public void Dispose() => _held.Dispose();
}
