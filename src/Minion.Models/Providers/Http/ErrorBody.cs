using System.Text.Json;

namespace Minion.Models.Providers.Http;

/// <summary>What an endpoint says about an error, in any of the forms that compatible endpoints use.</summary>
internal sealed record ErrorBody(string Message, string Code, string Type)
{
    public static ErrorBody Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return From(document.RootElement);
        }
        catch (JsonException)
        {
            // A web page's text helps nobody.
            return new ErrorBody(body.TrimStart().StartsWith('<') ? "" : body.Trim(), "", "");
        }
    }

    /// <summary>From <c>{"error":{…}}</c>, <c>{"error":"…"}</c>, <c>[{"error":{…}}]</c>, <c>{"message":"…"}</c> or <c>{"detail":"…"}</c>.</summary>
    public static ErrorBody From(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() > 0)
        {
            json = json[0];
        }

        var error = json.Member("error") ?? json;
        return error.ValueKind == JsonValueKind.String
            ? new ErrorBody(error.GetString()!, "", "")
            : new ErrorBody(
                error.Text("message") ?? error.Member("detail")?.ToString() ?? error.ToString(), error.Member("code")?.ToString() ?? "", error.Text("type") ?? error.Text("status") ?? "");
    }

    /// <summary>Whether the error mentions any of these.</summary>
    public bool Speaks(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Message.Contains(word, StringComparison.OrdinalIgnoreCase) || Code.Contains(word, StringComparison.OrdinalIgnoreCase) || Type.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
