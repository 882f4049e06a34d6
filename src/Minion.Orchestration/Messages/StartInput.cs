using Minion.Orchestration.Schedules;

namespace Minion.Orchestration.Messages;

/// <summary>What a run that a message starts is told.</summary>
internal static class StartInput
{
    private const string Default = "{{message}}";

    public static readonly string[] Names = ["message", "payload", "sender", "performative", "topic", "conversation_id", "message_id"];

    public static string Of(string template, MessageRecord message) => InputTemplate.Fill(template.Length == 0 ? Default : template, new Dictionary<string, string>
    {
        ["message"] = message.ToText(),
        ["payload"] = message.Payload,
        ["sender"] = message.Sender,
        ["performative"] = message.Performative,
        ["topic"] = message.Topic,
        ["conversation_id"] = message.ConversationId,
        ["message_id"] = message.Id.ToString(),
    });
}
