using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Tools.Browser;

/// <summary>A page as the model sees it.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Title">Its title.</param>
/// <param name="Snapshot">Its elements by role and accessible name, indented as they are nested.</param>
/// <param name="Truncated">Whether the snapshot was cut.</param>
internal sealed record PageView(string Url, string Title, string Snapshot, bool Truncated)
{
    /// <summary>The status of the answer; null when nothing was fetched.</summary>
    public int? Status { get; init; }

    /// <summary>What happened beside it: dialogs, new pages, refused requests.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>What was read from a page.</summary>
internal sealed record PageExtract(string Url, string Title, bool Truncated)
{
    public string? Text { get; init; }

    public IReadOnlyList<PageLink>? Links { get; init; }

    /// <summary>Tables, of rows, of cells.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>>? Tables { get; init; }
}

/// <summary>A link.</summary>
internal sealed record PageLink(string Text, string Url);

/// <summary>A picture of a page.</summary>
internal sealed record PageScreenshot(string Url, string Path, string MediaType, int Bytes)
{
    /// <summary>Base64; null unless it was asked for.</summary>
    public string? Data { get; init; }
}

/// <summary>A file that was downloaded.</summary>
/// <param name="Name">As the site calls it, without what no file should be called.</param>
/// <param name="Path">In the workspace.</param>
/// <param name="Url">Where it came from.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">Of its bytes, in hex.</param>
internal sealed record PageDownload(string Name, string Path, string Url, long Bytes, string Sha256)
{
    /// <summary>The beginning, when it is text; null when it is not.</summary>
    public string? Text { get; init; }

    public bool Truncated { get; init; }
}

/// <summary>Whether there were pages to close.</summary>
internal sealed record PagesClosed(bool Closed);

/// <summary>Source-generated serialization of the browser tools' results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PageView))]
[JsonSerializable(typeof(PageExtract))]
[JsonSerializable(typeof(PageScreenshot))]
[JsonSerializable(typeof(PageDownload))]
[JsonSerializable(typeof(PagesClosed))]
internal sealed partial class BrowserJson : JsonSerializerContext
{
    /// <summary>Leaves letters as they are: a model reads the result, no browser does.</summary>
    public static BrowserJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
