using System.Buffers;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.StandIn.Wire;

/// <summary>Writes one message with its header into a pooled buffer.</summary>
internal sealed class MessageSerializer : SerializationContext, IDisposable
{
    private PooledBuffer? _frame;
    private int _expected = -1;

    /// <summary>The message with its header, ready to be sent; valid until disposal.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED when it is larger than allowed.</exception>
    public static MessageSerializer Serialize<T>(T message, Marshaller<T> marshaller, int? maxSize, CompressionLevel? gzip)
    {
        var serializer = new MessageSerializer();
        try
        {
            marshaller.ContextualSerializer(message, serializer);
            serializer.Seal(maxSize, gzip);
            return serializer;
        }
        catch
        {
            serializer.Dispose();
            throw;
        }
    }

    public ReadOnlyMemory<byte> Frame => _frame!.Written;

    public override void SetPayloadLength(int payloadLength)
    {
        _expected = payloadLength;
        Begin(payloadLength);
    }

    public override IBufferWriter<byte> GetBufferWriter() => Begin(0);

    public override void Complete()
    {
        if (_expected >= 0 && Begin(0).Length - FrameHeader.Size != _expected)
        {
            throw new InvalidOperationException($"A message of {_expected} bytes was announced, but {_frame!.Length - FrameHeader.Size} were written.");
        }
    }

    public override void Complete(byte[] payload)
    {
        Begin(payload.Length).Write(payload);
    }

    public void Dispose()
    {
        _frame?.Dispose();
        _frame = null;
    }

    private PooledBuffer Begin(int payloadLength)
    {
        if (_frame is null)
        {
            _frame = new PooledBuffer(payloadLength + FrameHeader.Size);
            _frame.Advance(FrameHeader.Size);
        }

        return _frame;
    }

    private void Seal(int? maxSize, CompressionLevel? gzip)
    {
        var frame = Begin(0);
        if (frame.Length - FrameHeader.Size > (maxSize ?? int.MaxValue))
        {
            throw Errors.SentTooLarge();
        }

        if (gzip is { } level)
        {
            _frame = new PooledBuffer(Math.Max(256, frame.Length / 2));
            _frame.Advance(FrameHeader.Size);
            Gzip.Compress(frame.Written.Span[FrameHeader.Size..], _frame, level);
            frame.Dispose();
            frame = _frame;
        }

        FrameHeader.Write(frame.Head(FrameHeader.Size), gzip is not null, frame.Length - FrameHeader.Size);
    }
}
