using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Faults;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Messages.Tools;

/// <summary>What the tools of messages read and answer.</summary>
internal static class ToolSchemas
{
    public static JsonElement Parse(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return document.RootElement.Clone();
    }

    /// <exception cref="Fault">They are no JSON object.</exception>
    public static JsonObject Arguments(string text)
    {
        try
        {
            return text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject ?? throw NoObject();
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw NoObject();
        }
    }

    /// <summary>Empty when it is not there, or no text.</summary>
    public static string Text(JsonObject arguments, string name) => arguments[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static CallReturned Failure(string tool, Fault fault) =>
        new(tool, null, new CallFailure(fault.Reason.ToLowerInvariant(), fault.Message, fault.Hint));

    private static Fault NoObject() => RunRequests.Single("arguments", "are not a JSON object.");
}
