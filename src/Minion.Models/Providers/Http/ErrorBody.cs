using System.Globalization;
using System.Text.Json;

namespace Minion.Models.Providers.Http;

/// <summary>What an endpoint says about an error, in any of the forms that compatible endpoints use.</summary>
internal sealed record ErrorBody(string Message, string Code, string Type)
{
    /// <summary>How long the endpoint asks to wait, where it says so in the body: Google's <c>RetryInfo</c>, for example <c>"34s"</c>.</summary>
    public TimeSpan? RetryDelay { get; private init; }

    /// <summary>The reasons in the details of a Google error, for example <c>API_KEY_INVALID</c>.</summary>
    public string Reasons { get; private init; } = "";

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
                error.Text("message") ?? error.Member("detail")?.ToString() ?? error.ToString(), error.Member("code")?.ToString() ?? "", error.Text("type") ?? error.Text("status") ?? "")
            {
                RetryDelay = error.Items("details").Select(d => Seconds(d.Text("retryDelay"))).FirstOrDefault(d => d is not null),
                Reasons = string.Join(' ', error.Items("details").Select(d => d.Text("reason")).OfType<string>()),
            };
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

    private static TimeSpan? Seconds(string? text) =>
        text is { Length: > 1 } && text[^1] == 's' && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(1).TotalSeconds))
            : null;
}
