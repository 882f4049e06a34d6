using System.Net;
using System.Net.Sockets;

namespace Minion.Server.InProcess;

/// <summary>Where this process listens for itself.</summary>
internal sealed class InProcessEndPoint : EndPoint
{
    // Kestrel asks for it when it counts connections.
    public override AddressFamily AddressFamily => AddressFamily.Unspecified;

    public override string ToString() => "in-process";
}
