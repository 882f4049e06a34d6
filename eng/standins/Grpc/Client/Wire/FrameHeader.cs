using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace Grpc.StandIn.Wire;

/// <summary>What stands in front of each message: a byte that says whether it is compressed, and its length, big-endian.</summary>
internal static class FrameHeader
{
    public const int Size = 5;

    public static void Write(Span<byte> target, bool compressed, int length)
    {
        target[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], (uint)length);
    }

    /// <summary>Reads a header.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED when the message is larger than allowed, INTERNAL when the flag is unknown.</exception>
    public static (bool Compressed, int Length) Read(ReadOnlySpan<byte> source, int? maxSize)
    {
        if (source[0] > 1)
        {
            throw Errors.Internal("Unexpected compressed flag value in message header.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(source[1..]);
        return length > (uint)(maxSize ?? int.MaxValue) ? throw Errors.ReceivedTooLarge() : (source[0] == 1, (int)length);
    }

    /// <summary>Reads a header that may lie in several segments.</summary>
    public static (bool Compressed, int Length) Read(in ReadOnlySequence<byte> source, int? maxSize)
    {
        Span<byte> header = stackalloc byte[Size];
        source.Slice(0, Size).CopyTo(header);
        return Read(header, maxSize);
    }
}
