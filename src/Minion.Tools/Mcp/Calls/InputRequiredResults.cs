using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Mcp.Transport;
using ModelContextProtocol.Protocol;
using InputRequest = Minion.Contracts.Tools.V1.InputRequest;

namespace Minion.Tools.Mcp.Calls;

/// <summary>
/// An answer that says that input is required, as servers of protocol 2026-07-28 give it. Source: MCP specification 2026-07-28, multi round-trip requests.
/// </summary>
internal static class InputRequiredResults
{
    private const int Most = 16;

    public static bool Is(JsonObject result) =>
        result["resultType"] is JsonValue type && type.TryGetValue<string>(out var text) && text == WatchedTransport.InputRequired;

    public static ToolOutcome Read(JsonObject result, CallState state, string source)
    {
        var asked = new List<AskedQuestion>();
        var requests = new List<InputRequest>();
        foreach (var (name, node) in result["inputRequests"] as JsonObject ?? [])
        {
            var request = node as JsonObject ?? [];
            var method = request["method"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
            var parameters = request["params"] as JsonObject ?? [];
            var id = $"q{state.Rounds + 1}_{asked.Count + 1}";
            var question = Questions.Read(id, method, parameters);
            if (question is null && method != ClientMethods.Roots)
            {
                return Refused(source, $"it asks for '{ServerText.Clean(method, 100)}', which is not answered here");
            }

            asked.Add(new AskedQuestion(id, name, method, CallState.KeyOf(method, parameters), Questions.DefaultsOf(parameters)));
            requests.AddRange(question is null ? [] : [question]);
        }

        if (asked.Count > Most)
        {
            return Refused(source, $"it asks {asked.Count} questions at once");
        }

        var next = (state with { Held = null, Server = ServerState(result), Asked = asked, Said = [], Rounds = state.Rounds + 1 }).Write();
        return next is null ? Refused(source, "its state is larger than 64 KiB")
            : requests.Count == 0 && ServerState(result) is null && asked.Count == 0 ? Refused(source, "it asks for nothing")
            : new ToolInputRequired(requests, next);
    }

    private static string? ServerState(JsonObject result) => result["requestState"] is JsonValue state && state.TryGetValue<string>(out var text) ? text : null;

    private static ToolFailure Refused(string source, string why) => ToolOutcome.Failed(
        $"'{source}' wants to be answered first, but {why}.", "Do without this tool; its owner has to correct it.");
}
