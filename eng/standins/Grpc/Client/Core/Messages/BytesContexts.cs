using System.Buffers;

namespace Grpc.Core;

/// <summary>Takes a message into an array of its own.</summary>
internal sealed class BytesSerializationContext : SerializationContext
{
    private readonly ArrayBufferWriter<byte> _writer = new();
    private byte[]? _bytes;

    /// <summary>The message, once the serializer has completed it.</summary>
    public byte[] Bytes => _bytes ?? throw new InvalidOperationException("The serializer did not complete the message.");

    public override void Complete(byte[] payload) => _bytes = payload;

    public override IBufferWriter<byte> GetBufferWriter() => _writer;

    public override void SetPayloadLength(int payloadLength)
    {
    }

    public override void Complete() => _bytes = _writer.WrittenSpan.ToArray();
}

/// <summary>Gives a message from an array.</summary>
internal sealed class BytesDeserializationContext(byte[] payload) : DeserializationContext
{
    public override int PayloadLength => payload.Length;

    public override byte[] PayloadAsNewBuffer() => [.. payload];

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);
}
