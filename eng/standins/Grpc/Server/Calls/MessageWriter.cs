using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.StandIn.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>Writes messages straight into the response when their length is known beforehand and they are not compressed.</summary>
internal sealed class MessageWriter : SerializationContext
{
    private PipeWriter _output = null!;
    private PooledBuffer? _buffer;
    private int? _maxSize;
    private bool _direct;
    private bool _bufferOnly;

    public void Write<T>(T message, Marshaller<T> marshaller, PipeWriter output, int? maxSize, CompressionLevel? gzip)
    {
        (_output, _maxSize, _direct, _bufferOnly) = (output, maxSize, false, gzip is not null);
        try
        {
            marshaller.ContextualSerializer(message, this);
            if (!_direct)
            {
                Send(_buffer is null ? default : _buffer.Written.Span, gzip);
            }
        }
        finally
        {
            _buffer?.Dispose();
            _buffer = null;
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        if (_bufferOnly)
        {
            _buffer = new PooledBuffer(payloadLength);
            return;
        }

        Check(payloadLength);
        Head(compressed: false, payloadLength);
        _direct = true;
    }

    public override IBufferWriter<byte> GetBufferWriter() => _direct ? _output : _buffer ??= new PooledBuffer(256);

    public override void Complete()
    {
    }

    public override void Complete(byte[] payload)
    {
        _buffer = new PooledBuffer(payload.Length);
        _buffer.Write(payload);
    }

    private void Send(ReadOnlySpan<byte> payload, CompressionLevel? gzip)
    {
        Check(payload.Length);
        if (gzip is { } level)
        {
            using var packed = new PooledBuffer(Math.Max(256, payload.Length / 2));
            Gzip.Compress(payload, packed, level);
            Head(compressed: true, packed.Length);
            _output.Write(packed.Written.Span);
        }
        else
        {
            Head(compressed: false, payload.Length);
            _output.Write(payload);
        }
    }

    private void Head(bool compressed, int length)
    {
        FrameHeader.Write(_output.GetSpan(FrameHeader.Size), compressed, length);
        _output.Advance(FrameHeader.Size);
    }

    private void Check(int length)
    {
        if (length > (_maxSize ?? int.MaxValue))
        {
            throw Errors.SentTooLarge();
        }
    }
}
