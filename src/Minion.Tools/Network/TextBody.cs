using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;

namespace Minion.Tools.Network;

/// <summary>Reads the body of an answer when it is text, up to a limit.</summary>
internal static partial class TextBody
{
    /// <summary>Bytes of a body that are read when nothing else is said, after decompression.</summary>
    public const int Limit = 48 * 1024;

    private const int StartOfPage = 1024;

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
    /// <param name="content">The body.</param>
    /// <param name="limit">Bytes that are read at most, after decompression.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<(string Text, bool Truncated)?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(content, limit, cancellationToken);
        var text = Decode(bytes.AsSpan(0, Math.Min(bytes.Length, limit)), content.Headers.ContentType?.CharSet);
        return text.Contains('\0', StringComparison.Ordinal) ? null : (text, bytes.Length > limit);
    }

    /// <summary>Up to one byte more than the limit, so that it shows whether there is more.</summary>
    private static async Task<byte[]> BytesAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[Math.Min(limit + 1, 64 * 1024)];
        while (bytes.Length <= limit)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit + 1 - bytes.Length)), cancellationToken);
            if (read == 0)
            {
                break;
            }

            await bytes.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return bytes.ToArray();
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        var decoder = EncodingOf(string.IsNullOrWhiteSpace(charset) ? CharsetIn(bytes) : charset).GetDecoder();
        var chars = new char[bytes.Length * 2];

        // Without a flush: half a character at the limit is left out.
        var count = decoder.GetChars(bytes, chars, flush: false);
        return new string(chars, 0, count).TrimStart('\uFEFF');
    }

    /// <summary>What a page without a header says of itself.</summary>
    private static string? CharsetIn(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xFE, ..] => "utf-16",
        [0xFE, 0xFF, ..] => "utf-16BE",
        _ when CharsetOfPage().Match(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, StartOfPage)])) is { Success: true } match => match.Groups["charset"].Value,
        _ => null,
    };

    private static Encoding EncodingOf(string? charset)
    {
        try
        {
            var name = charset?.Trim('"', '\'', ' ');
            return string.IsNullOrEmpty(name) || name.Equals("utf-7", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8
                : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }

    [GeneratedRegex("""<meta[^>]{0,200}charset\s*=\s*["']?(?<charset>[A-Za-z0-9_.:-]{1,40})""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CharsetOfPage();
}
