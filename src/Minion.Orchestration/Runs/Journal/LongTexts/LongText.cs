using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Minion.Orchestration.Runs.Journal.LongTexts;

/// <summary>A text that is kept aside from its entry, under its SHA-256 and compressed (gzip, RFC 1952).</summary>
/// <param name="Hash">SHA-256 over its UTF-8.</param>
/// <param name="Bytes">Bytes of UTF-8.</param>
/// <param name="Content">The compressed UTF-8.</param>
internal sealed record LongText(byte[] Hash, long Bytes, byte[] Content)
{
    /// <summary>Bytes of UTF-8 up to which a text stays in its entry.</summary>
    public const int Limit = 8 * 1024;

    /// <summary>The longest text that is kept, in bytes of UTF-8.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    public string HexHash => Convert.ToHexStringLower(Hash);

    public static LongText Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return new LongText(SHA256.HashData(bytes), bytes.Length, compressed.ToArray());
    }

    public static string TextOf(byte[] content)
    {
        using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        return reader.ReadToEnd();
    }
}

/// <summary>A text that an entry refers to.</summary>
/// <param name="Field">Where it belongs, for example <c>text</c> or <c>calls[0].arguments</c>.</param>
/// <param name="Hash">SHA-256 over its UTF-8, in hex.</param>
/// <param name="Bytes">Bytes of UTF-8.</param>
internal sealed record LongTextReference(string Field, string Hash, long Bytes);
