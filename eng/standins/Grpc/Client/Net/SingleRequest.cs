using System.IO.Compression;
using System.Net;
using Grpc.StandIn.Wire;

namespace Grpc.Net.Client;

/// <summary>The body of a call with one request. It is serialized when it is sent, so that a request can be sent again.</summary>
internal sealed class SingleRequest<TRequest, TResponse>(ClientCall<TRequest, TResponse> call, TRequest request) : HttpContent
    where TRequest : class
    where TResponse : class
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var serialized = call.Serialize(request, call.Options.WriteOptions);
        await stream.WriteAsync(serialized.Frame, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
