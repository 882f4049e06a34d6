using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Json;
using Minion.Models;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>Reads <c>messages</c>.</summary>
internal static class MessageReader
{
    private const string Roles = "developer, system, user, assistant, tool";

    public static List<ChatMessage> Read(Fields request)
    {
        var messages = new List<ChatMessage>();
        foreach (var message in request.Items("messages"))
        {
            if (!message.IsObject)
            {
                message.Problems.Add(message.Path, "must be an object with role and content.");
                continue;
            }

            messages.Add(ReadMessage(message));
        }

        if (messages.Count == 0 && request.Get("messages") is null or { ValueKind: JsonValueKind.Array })
        {
            request.Wrong("messages", "is missing: at least one message.");
        }

        return messages;
    }

    private static ChatMessage ReadMessage(Fields message)
    {
        var read = message.RequiredText("role") switch
        {
            // Only OpenAI's newer models know the one, and they take the other for it.
            "system" or "developer" => new ChatMessage(ChatRole.System, PartReader.Read(message, PartReader.TextOnly)),
            "user" => new ChatMessage(ChatRole.User, PartReader.Read(message, PartReader.Everything)),
            "assistant" => ReadAssistant(message),
            "tool" => ReadTool(message),
            "" => new ChatMessage(),
            var other => Unknown(message, other),
        };
        read.AuthorName = message.Text("name");
        return read;
    }

    private static ChatMessage ReadAssistant(Fields message)
    {
        var calls = message.Items("tool_calls").Select(ReadCall).OfType<AIContent>().ToList();
        var refusal = message.Text("refusal");
        var contents = message.Get("content") is null && (calls.Count > 0 || refusal is not null)
            ? []
            : PartReader.Read(message, PartReader.TextOnly);
        if (refusal is { Length: > 0 })
        {
            contents.Add(new TextContent(refusal));
        }

        contents.AddRange(calls);
        return new ChatMessage(ChatRole.Assistant, contents);
    }

    private static FunctionCallContent? ReadCall(Fields call)
    {
        if (call.Text("type") is { } type && type != "function")
        {
            call.Wrong("type", "must be function.");
            return null;
        }

        if (call.Object("function") is not { } function)
        {
            call.Wrong("function", "is missing.");
            return null;
        }

        return ToolCallArguments.ToCall(call.RequiredText("id"), function.RequiredText("name"), function.Text("arguments") ?? "");
    }

    private static ChatMessage ReadTool(Fields message)
    {
        var id = message.RequiredText("tool_call_id");
        var text = string.Concat(PartReader.Read(message, PartReader.TextOnly).OfType<TextContent>().Select(t => t.Text));
        return new ChatMessage(ChatRole.Tool, [new FunctionResultContent(id, text)]);
    }

    private static ChatMessage Unknown(Fields message, string role)
    {
        message.Wrong("role", $"is '{Errors.Quoted.Short(role)}'; it must be one of {Roles}.");
        return new ChatMessage();
    }
}
