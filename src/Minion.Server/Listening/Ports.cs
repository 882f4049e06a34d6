using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Minion.Contracts.Faults;
using Minion.Server.Options;
using Minion.ServiceDefaults.Callers;

namespace Minion.Server.Listening;

/// <summary>The two ports: HTTP/1.1, and HTTP/2 without TLS for gRPC. <c>Kestrel:Endpoints:http</c> and <c>:grpc</c> take their place where configured.</summary>
internal sealed class Ports(ServerOptions options, IConfiguration configuration)
{
    private const int MostStreams = 5_000;
    private const int MostBodyBytes = 32 * 1024 * 1024;
    private ListenOptions? _http;
    private ListenOptions? _grpc;

    /// <summary>The address for HTTP; with port 0 known once the server listens.</summary>
    public string Http => Address(_http, options.HttpPort, "http");

    /// <summary>The address for gRPC; with port 0 known once the server listens.</summary>
    public string Grpc => Address(_grpc, options.GrpcPort, "grpc");

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MostStreams;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        if (Configured("http") is null)
        {
            Listen(kestrel, options.HttpPort, HttpProtocols.Http1, listen => _http = listen);
        }

        if (Configured("grpc") is null)
        {
            Listen(kestrel, options.GrpcPort, HttpProtocols.Http2, listen => _grpc = listen);
        }
    }

    /// <summary>Finds out early what would go wrong when listening.</summary>
    /// <exception cref="Fault">A port is taken, or may not be opened to others.</exception>
    public void Check()
    {
        foreach (var url in new[] { "http", "grpc" }.Select(Configured).OfType<string>())
        {
            var isLocal = BindingAddress.Parse(url).Host is "localhost" or "127.0.0.1" or "[::1]";
            if (!isLocal && ApiKey.From(configuration) is null)
            {
                throw new Fault(
                    global::Grpc.Core.StatusCode.FailedPrecondition,
                    "API_KEY_NEEDED",
                    $"Kestrel:Endpoints has {url}, which other machines may reach: that needs an API key.",
                    "Set MINION_API_KEY (or Authentication:ApiKey), or listen on localhost.");
            }
        }

        if (Configured("http") is null)
        {
            PortCheck.EnsureFree(options.Address ?? IPAddress.Loopback, options.HttpPort, "HTTP", "--http");
        }

        if (Configured("grpc") is null)
        {
            PortCheck.EnsureFree(options.Address ?? IPAddress.Loopback, options.GrpcPort, "gRPC", "--grpc");
        }
    }

    private string? Configured(string endpoint) => configuration[$"Kestrel:Endpoints:{endpoint}:Url"];

    private void Listen(KestrelServerOptions kestrel, int port, HttpProtocols protocols, Action<ListenOptions> listening)
    {
        void Set(ListenOptions listen)
        {
            listen.Protocols = protocols;
            listening(listen);
        }

        if (options.Address is { } address)
        {
            kestrel.Listen(address, port, Set);
        }
        else if (port == 0)
        {
            kestrel.Listen(IPAddress.Loopback, port, Set);
        }
        else
        {
            kestrel.ListenLocalhost(port, Set);
        }
    }

    private string Address(ListenOptions? listen, int port, string endpoint)
    {
        if (Configured(endpoint) is { } url)
        {
            return url;
        }

        var actual = port == 0 ? listen?.IPEndPoint?.Port ?? 0 : port;
        var isAny = options.Address is null || options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any);
        return isAny || IPAddress.IsLoopback(options.Address!)
            ? $"http://localhost:{actual}"
            : $"http://{new IPEndPoint(options.Address!, actual)}";
    }
}
