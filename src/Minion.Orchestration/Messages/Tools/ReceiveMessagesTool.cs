using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Messages.Tools;

/// <summary>
/// Takes the messages that wait for the run, its session or its agent. They are in the journal then, so they are acknowledged with the call; a call that is made
/// again gets the same ones.
/// </summary>
internal sealed class ReceiveMessagesTool(Mailboxes mailboxes) : IEffectTool
{
    private const int MostMessages = 20;

    private static readonly JsonElement Schema = ToolSchemas.Parse(
        """
        {
          "type": "object",
          "properties": { "limit": { "type": "integer", "minimum": 1, "maximum": 20, "description": "How many at most; 10 without." } },
          "additionalProperties": false
        }
        """);

    public string Name => "receive_messages";

    public ToolDescription Describe(AgentDefinition agent) => new(
        Name, "1", "Takes the messages that wait for you, those of each sender in their order. Gives an empty list at once when there are none.", Schema, ToolEffect.Idempotent);

    public async Task<CallReturned> CallAsync(EngineCall call, CancellationToken ct)
    {
        try
        {
            var limit = ToolSchemas.Arguments(call.Request.Arguments)["limit"] is JsonValue given && given.TryGetValue<int>(out var number) ? Math.Clamp(number, 1, MostMessages) : 10;
            List<string> receivers = [$"run:{call.Run.Id}", $"agent:{call.Run.Agent}"];
            if (call.Run.SessionId is { } session)
            {
                receivers.Add($"session:{session}");
            }

            var taken = await mailboxes.TakeAsync(call.Caller.Tenant, [.. receivers], limit, call.Key, ct);
            return new CallReturned(Name, new JsonObject { ["messages"] = new JsonArray([.. taken.Select(ToJson)]) }.ToJsonString(), null) { Untrusted = taken.Exists(m => m.Tainted) };
        }
        catch (Fault fault)
        {
            return ToolSchemas.Failure(Name, fault);
        }
    }

    private static JsonNode ToJson(MessageRecord message)
    {
        var json = new JsonObject
        {
            ["id"] = message.Id.ToString(),
            ["from"] = message.Sender,
            ["to"] = message.To,
            ["performative"] = message.Performative,
            ["conversation_id"] = message.ConversationId,
            ["content"] = JsonNode.Parse(message.Payload),
            ["sent_at"] = message.SentAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        if (message.InReplyTo is { } original)
        {
            json["in_reply_to"] = original.ToString();
        }

        return json;
    }
}
