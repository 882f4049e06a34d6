using System.IO.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How services are hosted.</summary>
public class GrpcServiceOptions
{
    /// <summary>In bytes; no limit when null (the default).</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>In bytes, default 4 MiB; no limit when null.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether an exception's message goes to the client; default no.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary><c>gzip</c>, or null (the default) for no compression.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>The first one sees a call first.</summary>
    public InterceptorCollection Interceptors { get; } = [];
}
