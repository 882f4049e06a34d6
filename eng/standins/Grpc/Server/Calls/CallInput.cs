using System.Buffers;
using Grpc.Core;
using Grpc.StandIn.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>What comes from the client: messages, until it has no more.</summary>
internal sealed partial class HttpContextServerCallContext
{
    private readonly MessageDeserializer _deserializer = new();

    /// <summary>The one request of a call, with nothing after it.</summary>
    /// <exception cref="RpcException">INTERNAL when there is none or more than one.</exception>
    public async ValueTask<T> ReadSingleAsync<T>(Marshaller<T> marshaller)
        where T : class
    {
        var request = await ReadNextAsync(marshaller, default) ?? throw Errors.Internal("Incomplete message.");
        var input = Http.Request.BodyReader;
        while (true)
        {
            var result = await input.ReadAsync();
            if (!result.Buffer.IsEmpty)
            {
                input.AdvanceTo(result.Buffer.End);
                throw Errors.Internal("Additional data after the message received.");
            }

            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return request;
            }
        }
    }

    /// <summary>The next message; null when the client has no more.</summary>
    /// <exception cref="RpcException">INTERNAL when the requests end within one, RESOURCE_EXHAUSTED when it is too large.</exception>
    public async ValueTask<T?> ReadNextAsync<T>(Marshaller<T> marshaller, CancellationToken cancellationToken)
        where T : class
    {
        var input = Http.Request.BodyReader;
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            var taken = buffer.Start;
            var seen = buffer.End;
            try
            {
                if (buffer.Length >= FrameHeader.Size)
                {
                    var (compressed, length) = FrameHeader.Read(buffer, Options.MaxReceive);
                    if (buffer.Length >= FrameHeader.Size + length)
                    {
                        var payload = buffer.Slice(FrameHeader.Size, length);
                        taken = seen = payload.End;
                        return _deserializer.Deserialize(payload, compressed, RequestEncoding, Options.MaxReceive, marshaller);
                    }
                }

                if (result.IsCompleted)
                {
                    return buffer.IsEmpty ? null : throw Errors.Internal("Incomplete message.");
                }
            }
            finally
            {
                input.AdvanceTo(taken, seen);
            }
        }
    }

    /// <summary>A stream of requests may last and may be slow, and each message has its own limit.</summary>
    public void LiftBodyLimits()
    {
        if (Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (Http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
