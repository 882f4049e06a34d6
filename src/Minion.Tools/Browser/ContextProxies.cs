using System.Net;
using Microsoft.Extensions.Logging;
using Minion.Tools.Network;
using Minion.Tools.Network.Proxy;

namespace Minion.Tools.Browser;

/// <summary>Makes the proxies of a browser's contexts: sockets in a folder that the browser's own network leads to, or ports of this machine where it has none of its own.</summary>
/// <param name="sockets">The folder; null without a network of its own.</param>
internal sealed class ContextProxies(string? sockets)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private int _count;

    /// <summary>Whether the browser has a network of its own, in which there is nothing but the ways to these proxies.</summary>
    public bool AreAllThereIs => sockets is not null;

    /// <summary>A proxy, and where the browser finds it.</summary>
    public (GuardedProxy Proxy, string Server) Open(AddressGuard guard, TimeProvider time, ILogger log)
    {
        if (sockets is null)
        {
            var proxy = GuardedProxy.OnLoopback(guard, time, log);
            return (proxy, $"http://{proxy.EndPoint}");
        }

        var address = BrowserForwarder.Address(Interlocked.Increment(ref _count));
        var path = Path.Combine(sockets, address);
        File.Delete(path);
        return (GuardedProxy.OnFile(path, OwnerOnly, guard, time, log), $"http://{new IPEndPoint(IPAddress.Parse(address), BrowserForwarder.Port)}");
    }
}
