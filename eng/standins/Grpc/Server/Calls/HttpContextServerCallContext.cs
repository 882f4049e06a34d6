using System.Globalization;
using System.Net;
using Grpc.Core;
using Grpc.StandIn.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>One call on an HTTP/2 request.</summary>
internal sealed partial class HttpContextServerCallContext : ServerCallContext
{
    private readonly IMethod _method;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;

    public HttpContextServerCallContext(HttpContext http, IMethod method, MethodOptions options)
    {
        Http = http;
        Options = options;
        _method = method;
    }

    public HttpContext Http { get; }

    public MethodOptions Options { get; }

    public bool HasTrailers => _responseTrailers is { Count: > 0 };

    protected override string MethodCore => _method.FullName;

    protected override string HostCore => Http.Request.Host.Value ?? "";

    protected override string PeerCore => PeerOf(Http.Connection.RemoteIpAddress, Http.Connection.RemotePort);

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadHeaders(Http.Request.Headers);

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= new AuthContext(null, []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("CreatePropagationToken is not supported.");

    private static Metadata ReadHeaders(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            if (IsOfTheProtocol(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                BinaryValue.AddTo(metadata, name, value ?? "");
            }
        }

        return metadata;
    }

    private static bool IsOfTheProtocol(string name) =>
        name.Length == 0 || name[0] == ':'
        || name.Equals(WireNames.Timeout, StringComparison.OrdinalIgnoreCase)
        || name.Equals(WireNames.Encoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals(WireNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
        || name.Equals("TE", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Host", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase);

    private static string PeerOf(IPAddress? address, int port) => address switch
    {
        null => "unknown",
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } => string.Create(CultureInfo.InvariantCulture, $"ipv6:[{address}]:{port}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"ipv4:{address}:{port}"),
    };
}
