using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Minion.McpConformance;

/// <summary>The smallest things of their kinds.</summary>
internal static class Samples
{
    /// <summary>A PNG of one pixel.</summary>
    public static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    /// <summary>A WAV of no samples: the header alone.</summary>
    public static byte[] Wav { get; } =
    [
        .. "RIFF"u8, 36, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0, .. "data"u8, 0, 0, 0, 0,
    ];

    public static TextContentBlock Text(string text) => new() { Text = text };

    public static CallToolResult Result(string text) => new() { Content = [Text(text)] };

    public static ImageContentBlock Image() => ImageContentBlock.FromBytes(Png, "image/png");

    public static EmbeddedResourceBlock Embedded(string uri, string type, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = type, Text = text } };

    public static string Json(IDictionary<string, JsonElement>? fields) => JsonSerializer.Serialize(fields ?? new Dictionary<string, JsonElement>());
}
