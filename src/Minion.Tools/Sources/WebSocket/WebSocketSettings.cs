using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Schemas;
using Minion.Tools.Sources.Http;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources.WebSocket;

/// <summary>What stands under <c>websocket:</c>.</summary>
/// <param name="Url">Where to connect: ws or wss.</param>
/// <param name="Headers">Sent when connecting; values may refer to variables.</param>
/// <param name="Authentication">Who connects; null for nobody in particular.</param>
/// <param name="Timeout">From connecting to the answer; 100 ms to 5 minutes, default 20 s.</param>
/// <param name="MaxBytes">Of one message; 1 KiB to 16 MiB, default 1 MiB.</param>
/// <param name="Skip">Messages that the server sends by itself after connecting; 0 to 100, default 0.</param>
/// <param name="Correlation">The member of requests and answers that holds the same value in both; empty when the first message is the answer.</param>
/// <param name="Tools">At least one, at most 200.</param>
internal sealed record WebSocketSettings(
    Uri? Url,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    HttpAuthentication? Authentication,
    TimeSpan Timeout,
    int MaxBytes,
    int Skip,
    string Correlation,
    IReadOnlyList<WebSocketRequest> Tools)
{
    public static WebSocketSettings Read(JsonElement settings, List<SourceProblem> problems)
    {
        var reader = new SettingsReader(settings, "", problems);
        var read = new WebSocketSettings(
            Address(reader),
            reader.Map("headers"),
            HttpAuthentication.Read(reader.Object("auth")),
            reader.Time("timeout", TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            reader.Number("max_bytes", 1024 * 1024, 1024, 16 * 1024 * 1024),
            reader.Number("skip", 0, 0, 100),
            reader.Text("correlation", longest: 100),
            [.. reader.Objects("tools", 200).Select(Tool).OfType<WebSocketRequest>()]);
        foreach (var name in read.Headers.Select(header => header.Key))
        {
            reader.Check(HttpNames.IsToken(name) && !HttpNames.IsReserved(name), $"headers/{JsonPointer.Escape(name)}", "is no header that can be set.");
        }

        reader.Check(reader.Json("tools") is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0, "tools", "must be a list with at least one tool.");
        foreach (var twice in read.Tools.GroupBy(tool => tool.Name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
        {
            reader.Problem("tools", $"must have names that differ; '{twice.Key}' stands there {twice.Count()} times.");
        }

        reader.Done();
        return read;
    }

    private static Uri? Address(SettingsReader reader)
    {
        var text = reader.Text("url", required: true);
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "ws" or "wss" && url.UserInfo.Length == 0 && url.Fragment.Length == 0;
        return text.Length == 0 || !reader.Check(isUrl, "url", "must be a ws or wss URL without a user, password or fragment.") ? null : url;
    }

    private static WebSocketRequest? Tool(SettingsReader reader)
    {
        var (name, description) = (reader.Text("name", longest: 64, required: true), reader.Text("description", required: true));
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = JsonNode.Parse((reader.Json("parameters") is { ValueKind: JsonValueKind.Object } parameters ? parameters.GetRawText() : null) ?? "{}"),
            ["required"] = new JsonArray([.. reader.Texts("required").Select(required => JsonValue.Create(required))]),
            ["additionalProperties"] = false,
        };
        var request = new WebSocketRequest(
            name, description, schema.ToJsonString(), reader.Json("message"), reader.Text("result", longest: 500), SourceEffects.Read(reader, Effect.SideEffect));
        reader.Check(request.Result.Length == 0 || request.Result[0] == '/', "result", "must be a JSON Pointer such as /data.");
        reader.Done();
        try
        {
            JsonSchema.Parse(request.InputSchema);
            return request;
        }
        catch (SchemaException exception)
        {
            reader.Problem("parameters", $"must be JSON Schemas by the names of arguments: {exception.Message}");
            return null;
        }
    }
}

/// <summary>One tool under <c>websocket: tools:</c>.</summary>
/// <param name="Name">What it is called at its source.</param>
/// <param name="Description">What the model reads.</param>
/// <param name="InputSchema">Of its arguments.</param>
/// <param name="Message">What is sent: JSON in which the text <c>{argument}</c> stands for an argument; null sends the arguments themselves.</param>
/// <param name="Result">JSON Pointer to the part of the answer that is the result; empty for all of it.</param>
/// <param name="Effect">What it changes.</param>
internal sealed record WebSocketRequest(string Name, string Description, string InputSchema, JsonElement? Message, string Result, Effect Effect);
