using System.Buffers;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.StandIn.Wire;

/// <summary>The one compression that is spoken.</summary>
internal static class Gzip
{
    private const int Chunk = 16 * 1024;

    public static void Compress(ReadOnlySpan<byte> source, PooledBuffer target, CompressionLevel level)
    {
        using var gzip = new GZipStream(new BufferStream(target), level);
        gzip.Write(source);
    }

    /// <summary>Unpacks a message.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED when it unpacks to more than allowed, INTERNAL when it is not gzip.</exception>
    public static PooledBuffer Decompress(in ReadOnlySequence<byte> source, int? maxSize)
    {
        var target = new PooledBuffer(Math.Max(Chunk, (int)Math.Min(source.Length * 2, 1 << 20)));
        var packed = new PooledBuffer((int)source.Length);
        try
        {
            packed.Write(source);
            using var gzip = new GZipStream(new BufferStream(packed), CompressionMode.Decompress);
            int read;
            while ((read = gzip.Read(target.GetSpan(Chunk))) > 0)
            {
                target.Advance(read);
                if (target.Length > (maxSize ?? int.MaxValue))
                {
                    throw Errors.ReceivedTooLarge();
                }
            }

            return target;
        }
        catch (Exception exception)
        {
            target.Dispose();
            throw exception is InvalidDataException ? Errors.Internal("A message could not be decompressed.", exception) : exception;
        }
        finally
        {
            packed.Dispose();
        }
    }

    private static void Write(this PooledBuffer target, in ReadOnlySequence<byte> source)
    {
        target.Ensure((int)source.Length);
        source.CopyTo(target.GetSpan());
        target.Advance((int)source.Length);
    }

    /// <summary>A buffer as a stream: what is written is appended, what is read comes from its start.</summary>
    private sealed class BufferStream(PooledBuffer buffer) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] array, int offset, int count) => Read(array.AsSpan(offset, count));

        public override int Read(Span<byte> target)
        {
            var rest = buffer.Written.Span[_position..];
            var count = Math.Min(rest.Length, target.Length);
            rest[..count].CopyTo(target);
            _position += count;
            return count;
        }

        public override void Write(byte[] array, int offset, int count) => Write(array.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> source)
        {
            source.CopyTo(buffer.GetSpan(source.Length));
            buffer.Advance(source.Length);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
