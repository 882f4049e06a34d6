using System.Security.Cryptography;
using System.Text;

namespace Minion.ServiceDefaults.Callers;

/// <summary>
/// Encrypts what services keep in the database and nobody else is to read: AES-256-GCM (NIST SP 800-38D) with a key for each purpose, derived (HKDF, RFC
/// 5869) from the key that services share: <c>Caller:Key</c>, or the data folder's. A copy of the database alone is of no use.
/// </summary>
public sealed class Vault
{
    private const int KeyBytes = 32;
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;
    private readonly CallerKey _key;

    internal Vault(CallerKey key) => _key = key;

    /// <summary>Encrypts a text: a random nonce, the tag, the text.</summary>
    /// <param name="text">What is kept.</param>
    /// <param name="purpose">What for, and whose: only the same purpose opens it.</param>
    public byte[] Lock(string text, string purpose)
    {
        ArgumentNullException.ThrowIfNull(text);
        var content = Encoding.UTF8.GetBytes(text);
        var locked = new byte[NonceBytes + TagBytes + content.Length];
        RandomNumberGenerator.Fill(locked.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(KeyFor(purpose), TagBytes);
        aes.Encrypt(locked.AsSpan(0, NonceBytes), content, locked.AsSpan(NonceBytes + TagBytes), locked.AsSpan(NonceBytes, TagBytes));
        return locked;
    }

    /// <summary>The text; null when it was not locked with this key for this purpose, or was changed.</summary>
    /// <param name="locked">What <see cref="Lock"/> gave.</param>
    /// <param name="purpose">What for.</param>
    public string? Unlock(ReadOnlySpan<byte> locked, string purpose)
    {
        if (locked.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var content = new byte[locked.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(KeyFor(purpose), TagBytes);
        try
        {
            aes.Decrypt(locked[..NonceBytes], locked[(NonceBytes + TagBytes)..], locked.Slice(NonceBytes, TagBytes), content);
            return Encoding.UTF8.GetString(content);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private byte[] KeyFor(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key.Bytes, KeyBytes, info: Encoding.UTF8.GetBytes("minion-vault:" + purpose));
}
