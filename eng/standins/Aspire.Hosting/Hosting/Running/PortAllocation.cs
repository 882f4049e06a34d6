using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Gives every endpoint its address, and every replica its ports.</summary>
internal static class PortAllocation
{
    /// <param name="resource">Whose endpoints.</param>
    /// <param name="replicas">How many processes.</param>
    /// <param name="random">Wanted ports are not taken; several applications can run at once.</param>
    /// <param name="free">Where the others come from.</param>
    public static IReadOnlyList<Replica> Allocate(IResource resource, int replicas, bool random, FreePorts free)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        foreach (var endpoint in endpoints)
        {
            var wanted = random && endpoint.IsProxied ? null : endpoint.Port;
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(
                endpoint, endpoint.TargetHost, wanted ?? (endpoint.IsProxied ? null : endpoint.TargetPort) ?? free.Next());
        }

        return [.. Enumerable.Range(0, replicas).Select(_ => new Replica(
            resource.Name,
            endpoints.ToDictionary(e => e, e => e.TargetPort ?? (IsProxied(e, replicas) ? free.Next() : e.AllocatedEndpoint!.Port))))];
    }

    /// <summary>A single process listens on the endpoint's own port: nothing stands between.</summary>
    public static bool IsProxied(EndpointAnnotation endpoint, int replicas) =>
        endpoint.IsProxied && (replicas > 1 || endpoint.TargetPort is { } target && target != endpoint.AllocatedEndpoint?.Port);

    /// <exception cref="DistributedApplicationException">Somebody else listens on a wanted port.</exception>
    public static void CheckFree(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            try
            {
                using var socket = Listen(endpoint.AllocatedEndpoint!.Port);
            }
            catch (SocketException e)
            {
                throw new DistributedApplicationException(
                    $"Port {endpoint.AllocatedEndpoint!.Port}, for its endpoint '{endpoint.Name}', cannot be used: {e.Message}. Stop the program that listens there, or choose another port.", e);
            }
        }
    }

    public static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
