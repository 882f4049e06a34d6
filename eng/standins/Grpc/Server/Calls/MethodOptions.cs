using System.IO.Compression;
using Grpc.Core;
using Grpc.StandIn.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>The options of a server as its calls use them.</summary>
internal sealed class MethodOptions
{
    public MethodOptions(GrpcServiceOptions options)
    {
        MaxSend = options.MaxSendMessageSize;
        MaxReceive = options.MaxReceiveMessageSize;
        DetailedErrors = options.EnableDetailedErrors ?? false;
        Interceptors = [.. options.Interceptors];
        Level = options.ResponseCompressionLevel ?? CompressionLevel.Fastest;
        Gzip = options.ResponseCompressionAlgorithm switch
        {
            null or WireNames.Identity => false,
            WireNames.Gzip => true,
            var other => throw new InvalidOperationException($"ResponseCompressionAlgorithm is '{other}'; gzip is the one that is supported."),
        };
    }

    public int? MaxSend { get; }

    public int? MaxReceive { get; }

    public bool DetailedErrors { get; }

    public bool Gzip { get; }

    public CompressionLevel Level { get; }

    public IReadOnlyList<InterceptorRegistration> Interceptors { get; }
}
