using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// The ids of child runs: made of the parent's id, the step and the call, so that a repeated start is the same child. A UUID of version 8 (RFC 9562, 5.8):
/// the first 48 bits are the parent's, which are its time, so that a tree lies together in every index; the rest is of SHA-256.
/// </summary>
internal static class ChildIds
{
    public static Guid Of(Guid parent, int step, int call)
    {
        Span<byte> name = stackalloc byte[24];
        parent.TryWriteBytes(name, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(name[16..], step);
        BinaryPrimitives.WriteInt32BigEndian(name[20..], call);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        var id = hash[..16];
        name[..6].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
