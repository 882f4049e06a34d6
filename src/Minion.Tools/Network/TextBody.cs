using System.Net.Http;
using System.Text;

namespace Minion.Tools.Network;

/// <summary>Reads the body of an answer when it is text, up to a limit.</summary>
internal static class TextBody
{
    /// <summary>Bytes of a body that are read, after decompression.</summary>
    public const int Limit = 48 * 1024;

    private static readonly string[] TextTypes =
    [
        "application/json", "application/xml", "application/javascript", "application/ecmascript", "application/yaml", "application/x-yaml",
        "application/toml", "application/x-ndjson", "application/jsonl", "application/sql", "application/graphql", "application/x-sh",
        "application/x-www-form-urlencoded",
    ];

    private static readonly string[] TextSuffixes = ["+json", "+xml", "+yaml", "+text"];

    /// <summary>Whether a body of this media type is text; one without a type may be.</summary>
    public static bool MayBeText(string? mediaType) =>
        mediaType is null
        || mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || TextTypes.Contains(mediaType, StringComparer.OrdinalIgnoreCase)
        || Array.Exists(TextSuffixes, suffix => mediaType.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    /// <summary>The text and whether there is more; null when it turns out not to be text.</summary>
    public static async Task<(string Text, bool Truncated)?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[Limit + 1];
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = Decode(buffer.AsSpan(0, Math.Min(length, Limit)), content.Headers.ContentType?.CharSet);
        return text.Contains('\0', StringComparison.Ordinal) ? null : (text, length > Limit);
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        var decoder = EncodingOf(charset).GetDecoder();
        var chars = new char[bytes.Length * 2];

        // Without a flush: half a character at the limit is left out.
        var count = decoder.GetChars(bytes, chars, flush: false);
        return new string(chars, 0, count).TrimStart('\uFEFF');
    }

    private static Encoding EncodingOf(string? charset)
    {
        try
        {
            return string.IsNullOrWhiteSpace(charset) ? Encoding.UTF8 : Encoding.GetEncoding(charset.Trim('"', ' '));
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
