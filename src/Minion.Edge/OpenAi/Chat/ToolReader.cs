using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Json;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>Reads <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
internal static class ToolReader
{
    /// <summary>Whether a function's fields stand in an object <c>function</c> of their own, as chat completions have it.</summary>
    public const bool Nested = true;

    /// <summary>Whether they stand beside the type, as responses have it.</summary>
    public const bool Flat = false;

    private const int Most = 128;

    public static void Read(Fields request, ChatOptions options, bool nested)
    {
        var tools = new List<AITool>();
        foreach (var tool in request.Items("tools"))
        {
            if (tools.Count == Most)
            {
                request.Wrong("tools", $"has more than {Most} tools.");
                break;
            }

            if (ReadTool(tool, nested) is { } read)
            {
                tools.Add(read);
            }
        }

        var choice = ReadChoice(request, nested, ref tools);
        if (tools.Count > 0)
        {
            options.Tools = tools;
            options.ToolMode = choice;
            options.AllowMultipleToolCalls = request.Flag("parallel_tool_calls");
        }
        else if (choice is RequiredChatToolMode)
        {
            request.Wrong("tool_choice", "needs tools.");
        }
    }

    private static ClientTool? ReadTool(Fields tool, bool nested)
    {
        var type = tool.RequiredText("type");
        if (type != "function")
        {
            if (type.Length > 0)
            {
                tool.Wrong("type", $"is '{Errors.Quoted.Short(type)}'; the client's tools are of the type function. Tools that the server runs are an agent's: ask agent/NAME.");
            }

            return null;
        }

        if ((nested ? tool.Object("function") : tool) is not { } function)
        {
            tool.Wrong("function", "is missing.");
            return null;
        }

        var name = function.RequiredText("name");
        if (name.Length > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
        {
            function.Wrong("name", "must be 1 to 64 letters, digits, underscores, dots and hyphens.");
        }

        var parameters = function.Object("parameters")?.Json.Clone() ?? ClientTool.NoParameters;
        return new ClientTool(name, function.Text("description") ?? "", parameters, function.Flag("strict"));
    }

    private static ChatToolMode? ReadChoice(Fields request, bool nested, ref List<AITool> tools)
    {
        switch (request.Get("tool_choice"))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } word:
                return Mode(request, word.GetString()!);
            case { ValueKind: JsonValueKind.Object }:
                var choice = request.Object("tool_choice")!.Value;
                if (choice.Text("type") == "allowed_tools")
                {
                    return Allowed(choice, nested, ref tools);
                }

                var name = (nested ? choice.Object("function")?.RequiredText("name") : choice.RequiredText("name")) ?? "";
                if (!tools.Exists(t => t.Name == name))
                {
                    request.Wrong("tool_choice", $"names '{Errors.Quoted.Short(name)}', which is not among the tools.");
                    return null;
                }

                return ChatToolMode.RequireSpecific(name);
            default:
                request.Wrong("tool_choice", "must be none, auto, required or an object that names a function.");
                return null;
        }
    }

    private static ChatToolMode? Allowed(Fields choice, bool nested, ref List<AITool> tools)
    {
        var allowed = nested ? choice.Object("allowed_tools") ?? choice : choice;
        var names = allowed.Items("tools").Select(t => (nested ? t.Object("function") : t)?.Text("name")).ToHashSet(StringComparer.Ordinal);
        tools = [.. tools.Where(t => names.Contains(t.Name))];
        return Mode(allowed, allowed.Text("mode") ?? "auto");
    }

    private static ChatToolMode? Mode(Fields request, string word)
    {
        switch (word)
        {
            case "none":
                return ChatToolMode.None;
            case "auto":
                return ChatToolMode.Auto;
            case "required":
                return ChatToolMode.RequireAny;
            default:
                request.Wrong("tool_choice", $"is '{Errors.Quoted.Short(word)}'; it must be none, auto, required or an object that names a function.");
                return null;
        }
    }
}
