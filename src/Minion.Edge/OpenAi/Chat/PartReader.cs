using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Json;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>Reads the <c>content</c> of a message: a string, or a list of parts.</summary>
internal static class PartReader
{
    /// <summary>Whether only text is allowed.</summary>
    public const bool TextOnly = true;

    /// <summary>Whether images, sounds and files are allowed too.</summary>
    public const bool Everything = false;

    public static List<AIContent> Read(Fields message, bool textOnly)
    {
        switch (message.Get("content"))
        {
            case null:
                message.Wrong("content", "is missing.");
                return [];
            case { ValueKind: JsonValueKind.String }:
                return [new TextContent(message.Text("content"))];
            case { ValueKind: JsonValueKind.Array }:
                return [.. message.Items("content").Select(part => ReadPart(part, textOnly)).OfType<AIContent>()];
            default:
                message.Wrong("content", "must be a string or a list of parts.");
                return [];
        }
    }

    private static AIContent? ReadPart(Fields part, bool textOnly) => (part.RequiredText("type"), textOnly) switch
    {
        // The last two are how the responses API says it.
        ("text" or "input_text" or "output_text", _) => new TextContent(part.Text("text") ?? Missing(part, "text")),
        ("refusal", _) => new TextContent(part.Text("refusal") ?? Missing(part, "refusal")),
        ("image_url", false) => Image(part, part.Object("image_url") is { } image ? image.RequiredText("url") : Missing(part, "image_url"), part.Object("image_url")?.Text("detail")),
        ("input_image", false) => Image(part, part.RequiredText("image_url"), part.Text("detail")),
        ("input_audio", false) => Audio(part),
        ("file" or "input_file", false) => File(part),
        ("", _) => null,
        var (other, _) => Unknown(part, other, textOnly),
    };

    private static AIContent? Image(Fields part, string url, string? detail)
    {
        var content = Link(part, url, "image_url", "image/*");
        if (content is not null && detail is not null)
        {
            content.AdditionalProperties = new() { ["detail"] = detail };
        }

        return content;
    }

    private static DataContent? Audio(Fields part)
    {
        if (part.Object("input_audio") is not { } audio)
        {
            part.Wrong("input_audio", "is missing.");
            return null;
        }

        var format = audio.RequiredText("format");
        return FromBase64(audio, "data", audio.RequiredText("data"), format == "mp3" ? "audio/mpeg" : "audio/wav");
    }

    private static AIContent? File(Fields part)
    {
        var file = part.Object("file") ?? part;
        if (file.Text("file_data") is { } data)
        {
            var content = data.StartsWith("data:", StringComparison.Ordinal)
                ? Link(file, data, "file_data", "application/octet-stream")
                : FromBase64(file, "file_data", data, "application/octet-stream");
            if (content is DataContent named)
            {
                named.Name = file.Text("filename");
            }

            return content;
        }

        file.Wrong("file_data", "is missing; files that were uploaded before are not known here, send their data.");
        return null;
    }

    private static AIContent? Link(Fields part, string url, string field, string mediaType)
    {
        if (url.Length == 0)
        {
            return null;
        }

        try
        {
            if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            {
                return new DataContent(url);
            }

            if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return new UriContent(address, mediaType);
            }
        }
        catch (Exception error) when (error is ArgumentException or UriFormatException or FormatException)
        {
            // said below
        }

        part.Wrong(field, "must be an http or https address, or a data: URL with base64 data.");
        return null;
    }

    private static DataContent? FromBase64(Fields part, string field, string data, string mediaType)
    {
        var bytes = new byte[data.Length];
        if (Convert.TryFromBase64String(data, bytes, out var length))
        {
            return new DataContent(bytes.AsMemory(0, length), mediaType);
        }

        part.Wrong(field, "is not base64.");
        return null;
    }

    private static string Missing(Fields part, string name)
    {
        if (part.Get(name) is null)
        {
            part.Wrong(name, "is missing.");
        }

        return "";
    }

    private static AIContent? Unknown(Fields part, string type, bool textOnly)
    {
        part.Wrong("type", $"is '{Errors.Quoted.Short(type)}'; it must be {(textOnly ? "text in a message of this role" : "one of text, image_url, input_audio, file")}.");
        return null;
    }
}
