namespace Grpc.StandIn.Wire;

/// <summary>Names of the protocol (grpc/doc/PROTOCOL-HTTP2.md).</summary>
internal static class WireNames
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Identity = "identity";
    public const string Gzip = "gzip";
    public const string AcceptedEncodings = "identity,gzip";

    /// <summary>The metadata key with which a caller of the official client asks for compressed requests; it stays on this side.</summary>
    public const string RequestEncodingKey = "grpc-internal-encoding-request";

    public const long ErrorNone = 0;
    public const long ErrorCancel = 8;

    /// <summary>Whether a content type is gRPC with protobuf or any other format, but not gRPC-Web.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is ';' or '+');
}
