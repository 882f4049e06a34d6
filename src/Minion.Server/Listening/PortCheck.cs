using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Minion.Contracts.Faults;

namespace Minion.Server.Listening;

/// <summary>Tries a port before anything else is started.</summary>
internal static class PortCheck
{
    // Ports that were chosen here, bound and not listening: until the server listens nobody else is given them. They end with the process.
    private static readonly ConcurrentBag<Socket> Held = [];

    /// <summary>The port, or a free one for 0.</summary>
    /// <exception cref="Fault">It is taken (the message says by whom, where that can be seen), or may not be used.</exception>
    public static int Free(IPAddress? address, int port, string purpose, string option)
    {
        address ??= IPAddress.Loopback;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var holds = port == 0 && !OperatingSystem.IsWindows();
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // As Kestrel does: connections that are closing do not count.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            }

            socket.Bind(new IPEndPoint(address, port));
            if (holds)
            {
                Held.Add(socket);
            }
            else
            {
                socket.Listen();
            }

            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException e)
        {
            throw Explain(e.SocketErrorCode, address, port, purpose, option);
        }
        finally
        {
            if (!holds)
            {
                socket.Dispose();
            }
        }
    }

    private static Fault Explain(SocketError error, IPAddress address, int port, string purpose, string option) => error switch
    {
        SocketError.AddressAlreadyInUse => new(
            Grpc.Core.StatusCode.FailedPrecondition,
            "PORT_IN_USE",
            $"Port {port}, for {purpose}, is in use{(PortHolder.Find(port) is { } holder ? $" by {holder}" : "")}.",
            $"Stop that program, or choose another port with {option} PORT."),
        SocketError.AccessDenied => new(
            Grpc.Core.StatusCode.FailedPrecondition,
            "PORT_REFUSED",
            $"This user may not listen on port {port}, for {purpose}.",
            $"Choose a port above 1023 with {option} PORT."),
        SocketError.AddressNotAvailable => new(
            Grpc.Core.StatusCode.FailedPrecondition,
            "ADDRESS_UNKNOWN",
            $"This machine has no address {address} to listen on.",
            "Choose another one with --listen ADDRESS."),
        _ => new(Grpc.Core.StatusCode.FailedPrecondition, "PORT_REFUSED", $"Port {port}, for {purpose}, cannot be used: {error}.", $"Choose another one with {option} PORT."),
    };
}
