using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Edge.Tests.Mcp;

/// <summary>Requests of the protocol without a client that would put them right.</summary>
internal static class RawCalls
{
    public static async Task<JsonElement> CallAsync(HttpClient http, Uri url, string tool, string arguments, string? state = null, string? answers = null)
    {
        var parameters = new JsonObject
        {
            ["name"] = tool,
            ["arguments"] = JsonNode.Parse(arguments),
            ["_meta"] = JsonNode.Parse("""{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}"""),
        };
        if (state is not null)
        {
            parameters["requestState"] = state;
            parameters["inputResponses"] = JsonNode.Parse(answers!);
        }

        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call", ["params"] = parameters };
        using var request = Post(url, body.ToJsonString());
        request.Headers.Add("MCP-Protocol-Version", McpClients.Modern);
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", tool);
        using var response = await http.SendAsync(request);
        return await AnswerAsync(response);
    }

    public static HttpRequestMessage Post(Uri url, string body, string accept = "application/json, text/event-stream", string type = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return request;
    }

    /// <summary>The answer, whether it is a document or the last event of a stream.</summary>
    public static async Task<JsonElement> AnswerAsync(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return JsonElement.Parse(await response.Content.ReadAsStringAsync());
        }

        await using var stream = await response.Content.ReadAsStreamAsync();
        return JsonElement.Parse(SseParser.Create(stream).Enumerate().Last().Data);
    }
}
