using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Minion.Models.Providers.Http;

/// <summary>Server-sent events whose data is JSON (https://html.spec.whatwg.org/multipage/server-sent-events.html).</summary>
internal static class EventStream
{
    private static ReadOnlySpan<byte> End => "[DONE]"u8;

    /// <summary>The data of each event, until the stream or <c>[DONE]</c> ends it; each is valid only until the next is asked for.</summary>
    public static async IAsyncEnumerable<JsonElement> ReadAsync(Endpoint endpoint, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in SseParser.Create(body, Parse).EnumerateAsync(cancellationToken))
        {
            if (item.Data is { Json: null, Invalid: null })
            {
                yield break;
            }

            using var document = item.Data.Json ?? throw endpoint.Invalid($"has an event that is not JSON: '{Texts.Shorten(item.Data.Invalid!)}'");
            yield return document.RootElement;
        }
    }

    private static (JsonDocument? Json, string? Invalid) Parse(string type, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual(End))
        {
            return default;
        }

        try
        {
            var reader = new Utf8JsonReader(data);
            return (JsonDocument.ParseValue(ref reader), null);
        }
        catch (JsonException)
        {
            return (null, Encoding.UTF8.GetString(data[..Math.Min(data.Length, 200)]));
        }
    }
}
