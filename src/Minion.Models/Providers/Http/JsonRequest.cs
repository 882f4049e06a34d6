using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Minion.Models.Providers.Http;

/// <summary>A request with a JSON body, written straight into the bytes that are sent.</summary>
internal static class JsonRequest
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A POST to <paramref name="address"/>; <paramref name="write"/> writes the members of its object.</summary>
    public static HttpRequestMessage Post<T>(Uri address, T state, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            write(writer, state);
            writer.WriteEndObject();
        }

        var content = new ReadOnlyMemoryContent(buffer.WrittenMemory);
        content.Headers.ContentType = Json;
        return new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
    }

    /// <summary>Writes a number that was given.</summary>
    public static void WriteGiven(this Utf8JsonWriter writer, string name, float? value)
    {
        if (value is { } given)
        {
            // As the float prints: 0.2, not 0.20000000298023224.
            writer.WritePropertyName(name);
            writer.WriteNumberValue(given);
        }
    }

    /// <inheritdoc cref="WriteGiven(Utf8JsonWriter, string, float?)"/>
    public static void WriteGiven(this Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } given)
        {
            writer.WriteNumber(name, given);
        }
    }

    /// <summary>Writes a list of texts that is not empty.</summary>
    public static void WriteGiven(this Utf8JsonWriter writer, string name, IEnumerable<string>? values)
    {
        if (values is null || !values.Any())
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes an element as it is.</summary>
    public static void Write(this Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
