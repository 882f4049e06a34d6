using System.Text.Json;

namespace Minion.Models.Providers.Gemini;

/// <summary>A tool's result, which Gemini wants as a JSON object.</summary>
internal static class GeminiResult
{
    public static void Write(Utf8JsonWriter writer, string text)
    {
        if (Parse(text) is { } document)
        {
            using (document)
            {
                document.RootElement.WriteTo(writer);
            }

            return;
        }

        writer.WriteStartObject();
        writer.WriteString("result", text);
        writer.WriteEndObject();
    }

    private static JsonDocument? Parse(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
