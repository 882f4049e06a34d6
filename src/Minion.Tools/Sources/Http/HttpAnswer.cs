using System.Net.Http;
using System.Text;
using System.Text.Json;
using Minion.Tools.Network;

namespace Minion.Tools.Sources.Http;

/// <summary>What an API answered.</summary>
/// <param name="Status">HTTP's.</param>
/// <param name="ContentType">As it was sent; empty when it was not.</param>
/// <param name="Text">The body; null when it is no text.</param>
/// <param name="Truncated">There was more of it.</param>
/// <param name="Redirection">Where else it is, when the answer says that.</param>
internal sealed record HttpAnswer(int Status, string ContentType, string? Text, bool Truncated, Uri? Redirection)
{
    private const int DeepestJson = 64;

    public static async Task<HttpAnswer> ReadAsync(HttpResponseMessage response, Uri url, int limit, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType;
        var redirection = (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location ? new Uri(url, location) : null;
        var answer = new HttpAnswer((int)response.StatusCode, type?.ToString() ?? "", Text: null, Truncated: false, redirection);
        if (!TextBody.MayBeText(type?.MediaType))
        {
            return answer;
        }

        var (bytes, more) = await ReadAsync(response.Content, limit, cancellationToken);
        var text = EncodingOf(type?.CharSet).GetString(bytes.Span).TrimStart('\uFEFF');
        if (more)
        {
            text = text.TrimEnd('\uFFFD');
        }

        return text.Contains('\0', StringComparison.Ordinal) ? answer : answer with { Text = text, Truncated = more };
    }

    /// <summary>The body as JSON; null when it is none, or none that can be read on.</summary>
    public JsonElement? Json()
    {
        if (Text is not { Length: > 0 } text || Truncated || text.AsSpan().TrimStart() is not ['{' or '[' or '"' or '-' or 't' or 'f' or 'n' or (>= '0' and <= '9'), ..])
        {
            return null;
        }

        try
        {
            var json = JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = DeepestJson });
            CheckTexts(json);
            return json;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<(ReadOnlyMemory<byte> Bytes, bool More)> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[Math.Min(16 * 1024, limit + 1)];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (read == 0 || length > limit)
            {
                return (buffer.AsMemory(0, Math.Min(length, limit)), length > limit);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, limit + 1));
            }
        }
    }

    // Half of a surrogate pair is allowed by the grammar, and whoever reads it finds no text.
    private static void CheckTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    CheckTexts(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    CheckTexts(member.Value);
                }

                break;
        }
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
