using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Chat;
using Minion.Edge.OpenAi.Json;
using Minion.Models;

namespace Minion.Edge.OpenAi.Responses;

/// <summary>Reads <c>input</c>: a text, or a list of items.</summary>
internal static class InputReader
{
    public static List<ChatMessage> Read(Fields request)
    {
        switch (request.Get("input"))
        {
            case null:
                request.Wrong("input", "is missing.");
                return [];
            case { ValueKind: JsonValueKind.String }:
                return [new ChatMessage(ChatRole.User, request.Text("input"))];
            case { ValueKind: JsonValueKind.Array }:
                return ReadItems(request);
            default:
                request.Wrong("input", "must be a string or a list of items.");
                return [];
        }
    }

    private static List<ChatMessage> ReadItems(Fields request)
    {
        var messages = new List<ChatMessage>();
        foreach (var item in request.Items("input"))
        {
            ReadItem(item, messages);
        }

        if (messages.Count == 0)
        {
            request.Wrong("input", "is empty.");
        }

        return messages;
    }

    private static void ReadItem(Fields item, List<ChatMessage> messages)
    {
        switch (item.Text("type") ?? "message")
        {
            case "message":
                messages.Add(ReadMessage(item));
                break;
            case "function_call":
                AddCall(messages, ToolCallArguments.ToCall(item.RequiredText("call_id"), item.RequiredText("name"), item.Text("arguments") ?? ""));
                break;
            case "function_call_output":
                messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(item.RequiredText("call_id"), Output(item))]));
                break;
            case "reasoning":
                // The model's own earlier thoughts; providers take none back.
                break;
            case "item_reference":
                item.Wrong("type", "is item_reference, but answers are not kept here; send the item itself.");
                break;
            case var other:
                item.Wrong("type", $"is '{Errors.Quoted.Short(other)}'; it must be one of message, function_call, function_call_output, reasoning.");
                break;
        }
    }

    private static ChatMessage ReadMessage(Fields item)
    {
        switch (item.RequiredText("role"))
        {
            case "user":
                return new ChatMessage(ChatRole.User, PartReader.Read(item, PartReader.Everything));
            case "assistant":
                return new ChatMessage(ChatRole.Assistant, PartReader.Read(item, PartReader.TextOnly));
            case "system" or "developer":
                return new ChatMessage(ChatRole.System, PartReader.Read(item, PartReader.TextOnly));
            case "":
                return new ChatMessage();
            case var other:
                item.Wrong("role", $"is '{Errors.Quoted.Short(other)}'; it must be one of user, assistant, system, developer.");
                return new ChatMessage();
        }
    }

    /// <summary>Calls that were made together are items of their own here, and one message everywhere else.</summary>
    private static void AddCall(List<ChatMessage> messages, FunctionCallContent call)
    {
        if (messages is [.., var last] && last.Role == ChatRole.Assistant)
        {
            last.Contents.Add(call);
        }
        else
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, [call]));
        }
    }

    private static string Output(Fields item)
    {
        switch (item.Get("output"))
        {
            case { ValueKind: JsonValueKind.String }:
                return item.Text("output") ?? "";
            case { ValueKind: JsonValueKind.Array }:
                return string.Concat(item.Items("output").Select(part => part.Text("text")));
            default:
                item.Wrong("output", "is missing: a string, or a list of texts.");
                return "";
        }
    }
}
