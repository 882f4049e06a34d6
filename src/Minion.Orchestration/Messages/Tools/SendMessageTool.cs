using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Messages.Tools;

/// <summary>Sends a message in the agent's name. The call's key is the message's: it is sent once, however often the call is made.</summary>
internal sealed class SendMessageTool(Messenger messenger) : IEffectTool
{
    private static readonly JsonElement Schema = ToolSchemas.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "to": { "type": "string", "description": "An agent's name, or agent:NAME, run:ID, session:ID or topic:NAME." },
            "performative": { "type": "string", "enum": [{{string.Join(", ", Performatives.Names.Select(n => $"\"{n}\""))}}], "description": "What the message is meant as." },
            "content": { "description": "What it says: a text, or any JSON." },
            "conversation_id": { "type": "string", "description": "The conversation that it belongs to; a new one without." },
            "in_reply_to": { "type": "string", "description": "The id of the message that it answers." }
          },
          "required": ["to", "performative", "content"],
          "additionalProperties": false
        }
        """);

    public string Name => "send_message";

    public ToolDescription Describe(AgentDefinition agent) => new(
        Name, "1", "Sends a message to another agent, or to all who subscribe to a topic. It does not wait for an answer.", Schema, ToolEffect.Idempotent);

    public async Task<CallReturned> CallAsync(EngineCall call, CancellationToken ct)
    {
        try
        {
            var message = MessageRequests.Check(ToRequest(call), call.Caller.Principal) with { Tainted = call.IsTainted };
            var sent = await messenger.SendAsync(call.Caller.Tenant, message, ct);
            var result = new JsonObject
            {
                ["message_id"] = sent.Message.Id.ToString(),
                ["conversation_id"] = sent.Message.ConversationId,
                ["receivers"] = sent.Count,
            };
            return new CallReturned(Name, result.ToJsonString(), null);
        }
        catch (Fault fault)
        {
            return ToolSchemas.Failure(Name, fault);
        }
    }

    private static SendRequest ToRequest(EngineCall call)
    {
        var arguments = ToolSchemas.Arguments(call.Request.Arguments);
        var to = ToolSchemas.Text(arguments, "to");
        return new SendRequest
        {
            To = TextRules.IsName(to) ? $"agent:{to}" : to,
            Performative = Performatives.Parse(ToolSchemas.Text(arguments, "performative")),
            Payload = arguments["content"]?.ToJsonString() ?? "",
            FromAgent = call.Run.Agent,
            Key = $"call/{call.Key}",
            ConversationId = ToolSchemas.Text(arguments, "conversation_id"),
            InReplyTo = ToolSchemas.Text(arguments, "in_reply_to"),
        };
    }
}
