using System.Buffers;
using Grpc.Core;

namespace Grpc.StandIn.Wire;

/// <summary>Gives the bytes of a message to its marshaller.</summary>
internal sealed class MessageDeserializer : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    /// <summary>Reads one message, unpacking it first if it is compressed.</summary>
    /// <exception cref="RpcException">INTERNAL when it cannot be read, RESOURCE_EXHAUSTED when it unpacks to more than allowed.</exception>
    public T Deserialize<T>(in ReadOnlySequence<byte> payload, bool compressed, string? encoding, int? maxSize, Marshaller<T> marshaller)
    {
        PooledBuffer? unpacked = null;
        try
        {
            if (compressed)
            {
                unpacked = Unpack(payload, encoding, maxSize);
                _payload = new ReadOnlySequence<byte>(unpacked.Written);
            }
            else
            {
                _payload = payload;
            }

            return marshaller.ContextualDeserializer(this);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Errors.Internal($"A message could not be read: {exception.Message}", exception);
        }
        finally
        {
            _payload = default;
            unpacked?.Dispose();
        }
    }

    private static PooledBuffer Unpack(in ReadOnlySequence<byte> payload, string? encoding, int? maxSize) => encoding switch
    {
        WireNames.Gzip => Gzip.Decompress(payload, maxSize),
        null or WireNames.Identity => throw Errors.Internal("A message is compressed, but no grpc-encoding was named."),
        _ => throw Errors.UnsupportedEncoding(encoding),
    };
}
