using System.Net;
using System.Net.Sockets;

namespace Minion.Cli.Tests;

internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static string Address() => $"http://127.0.0.1:{Find()}";
}
