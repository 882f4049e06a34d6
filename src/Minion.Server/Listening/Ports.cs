using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Minion.Contracts.Faults;
using Minion.Server.Options;
using Minion.ServiceDefaults.Callers;

namespace Minion.Server.Listening;

/// <summary>
/// The two ports: HTTP/1.1, and HTTP/2 without TLS for gRPC. <c>Kestrel:Endpoints:http</c> and <c>:grpc</c> take their place where
/// configured. What would go wrong when listening is found out before anything is started.
/// </summary>
internal sealed class Ports
{
    private const int MostStreams = 5_000;
    private const int MostBodyBytes = 32 * 1024 * 1024;
    private readonly IPAddress? _address;
    private readonly int? _httpPort;
    private readonly int? _grpcPort;

    /// <exception cref="Fault">A port is taken, or may not be opened to others.</exception>
    public Ports(ServerOptions options, IConfiguration configuration)
    {
        _address = options.Address;
        var http = Configured(configuration, "http");
        var grpc = Configured(configuration, "grpc");
        _httpPort = http is null ? PortCheck.Free(options.Address, options.HttpPort, "HTTP", "--http") : null;
        _grpcPort = grpc is null && options.HasServices ? PortCheck.Free(options.Address, options.GrpcPort, "gRPC", "--grpc") : null;
        Http = http ?? Url(_httpPort);
        Grpc = grpc ?? Url(_grpcPort);
    }

    /// <summary>The address for HTTP.</summary>
    public string Http { get; }

    /// <summary>The address for gRPC.</summary>
    public string Grpc { get; }

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MostStreams;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        Listen(kestrel, _httpPort, HttpProtocols.Http1);
        Listen(kestrel, _grpcPort, HttpProtocols.Http2);
    }

    private static string? Configured(IConfiguration configuration, string endpoint)
    {
        var url = configuration[$"Kestrel:Endpoints:{endpoint}:Url"];
        return url is null || BindingAddress.Parse(url).Host is "localhost" or "127.0.0.1" or "[::1]" || ApiKeys.Read(configuration).Any
            ? url
            : throw new Fault(
                global::Grpc.Core.StatusCode.FailedPrecondition,
                "API_KEY_NEEDED",
                $"Kestrel:Endpoints has {url}, which other machines may reach: that needs an API key.",
                "Set MINION_API_KEY (or Authentication:ApiKey), or listen on localhost.");
    }

    private void Listen(KestrelServerOptions kestrel, int? port, HttpProtocols protocols)
    {
        if (port is not { } number)
        {
            return;
        }

        if (_address is null)
        {
            kestrel.ListenLocalhost(number, listen => listen.Protocols = protocols);
        }
        else
        {
            kestrel.Listen(_address, number, listen => listen.Protocols = protocols);
        }
    }

    private string Url(int? port)
    {
        var isHere = _address is null || IPAddress.IsLoopback(_address) || _address.Equals(IPAddress.Any) || _address.Equals(IPAddress.IPv6Any);
        return port is null ? "none" : isHere ? $"http://localhost:{port}" : $"http://{new IPEndPoint(_address!, port ?? 0)}";
    }
}
