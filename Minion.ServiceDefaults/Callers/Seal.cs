using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Minion.ServiceDefaults.Callers;

/// <summary>
/// Closes a text so that a client can carry it for a while and give it back, to this process or another one with the same key, but not change
/// it: an HMAC-SHA256 (RFC 2104) under a key of its purpose (HKDF, RFC 5869), then the time at which it lapses, then the text. It can be read.
/// </summary>
public sealed class Seal
{
    private const int SignatureBytes = HMACSHA256.HashSizeInBytes;
    private const int HeaderBytes = SignatureBytes + sizeof(long);

    private readonly CallerKey _key;
    private readonly TimeProvider _time;

    internal Seal(CallerKey key, TimeProvider time)
    {
        _key = key;
        _time = time;
    }

    /// <summary>Closes a text; base64url.</summary>
    /// <param name="text">What is carried.</param>
    /// <param name="purpose">What for: a seal of one purpose is none of another.</param>
    /// <param name="life">For how long.</param>
    public string Close(string text, string purpose, TimeSpan life)
    {
        ArgumentNullException.ThrowIfNull(text);
        var content = Encoding.UTF8.GetBytes(text);
        var closed = new byte[HeaderBytes + content.Length];
        BinaryPrimitives.WriteInt64BigEndian(closed.AsSpan(SignatureBytes), (_time.GetUtcNow() + life).ToUnixTimeMilliseconds());
        content.CopyTo(closed, HeaderBytes);
        HMACSHA256.HashData(KeyFor(purpose), closed.AsSpan(SignatureBytes), closed.AsSpan(0, SignatureBytes));
        return Base64Url.EncodeToString(closed);
    }

    /// <summary>The text; null when it was not closed here for this purpose, was changed, or has lapsed.</summary>
    /// <param name="given">What <see cref="Close"/> gave.</param>
    /// <param name="purpose">What for.</param>
    public string? Open(string given, string purpose)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (!Base64Url.IsValid(given) || Base64Url.DecodeFromChars(given) is not { Length: >= HeaderBytes } bytes)
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[SignatureBytes];
        HMACSHA256.HashData(KeyFor(purpose), bytes.AsSpan(SignatureBytes), expected);
        var isWhole = CryptographicOperations.FixedTimeEquals(expected, bytes.AsSpan(0, SignatureBytes));
        return isWhole && BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(SignatureBytes)) > _time.GetUtcNow().ToUnixTimeMilliseconds()
            ? Encoding.UTF8.GetString(bytes.AsSpan(HeaderBytes))
            : null;
    }

    private byte[] KeyFor(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key.Bytes, SignatureBytes, info: Encoding.UTF8.GetBytes("minion-seal:" + purpose));
}
