using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Minion.Contracts.Callers;

namespace Minion.ServiceDefaults.Callers;

/// <summary>
/// The bytes of <c>minion-caller-bin</c>: an HMAC-SHA256 (RFC 2104) of 32 bytes, then what it covers: the issue time (Unix
/// milliseconds, big endian, 8 bytes) and caller and audience as JSON.
/// </summary>
internal static class SignedCaller
{
    /// <summary>How long a signed caller is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>How far the clocks of two services may be apart for a caller that seems to come from the future.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    private const int SignatureBytes = HMACSHA256.HashSizeInBytes;
    private const int HeaderBytes = SignatureBytes + sizeof(long);
    private const int MostBytes = 16 * 1024;

    public static byte[] Sign(Caller caller, string audience, DateTimeOffset now, byte[] key)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(
            new Claims(caller.Tenant, caller.Principal, [.. caller.Permissions], audience), CallerJson.Default.Claims);
        var token = new byte[HeaderBytes + claims.Length];
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(SignatureBytes), now.ToUnixTimeMilliseconds());
        claims.CopyTo(token, HeaderBytes);
        HMACSHA256.HashData(key, token.AsSpan(SignatureBytes), token.AsSpan(0, SignatureBytes));
        return token;
    }

    /// <summary>The caller that was signed, or why it is refused; nothing is read before the signature holds.</summary>
    public static Verdict Verify(ReadOnlySpan<byte> token, string audience, DateTimeOffset now, byte[] key)
    {
        if (token.Length is < HeaderBytes or > MostBytes)
        {
            return Verdict.Refuse("is not one");
        }

        Span<byte> expected = stackalloc byte[SignatureBytes];
        HMACSHA256.HashData(key, token[SignatureBytes..], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, token[..SignatureBytes]))
        {
            return Verdict.Refuse("has a signature that does not hold");
        }

        var age = now - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(token[SignatureBytes..]));
        if (age > Lifetime || age < -ClockSkew)
        {
            return Verdict.Refuse("has expired");
        }

        var claims = JsonSerializer.Deserialize(token[HeaderBytes..], CallerJson.Default.Claims)!;
        return audience.Length > 0 && claims.Audience == audience
            ? new Verdict(new Caller(claims.Tenant, claims.Principal, claims.Permissions), "")
            : Verdict.Refuse("is meant for another service");
    }
}

/// <summary>The outcome of a verification: a caller, or why there is none.</summary>
internal readonly record struct Verdict(Caller? Caller, string Refusal)
{
    public static Verdict Refuse(string why) => new(null, why);
}
