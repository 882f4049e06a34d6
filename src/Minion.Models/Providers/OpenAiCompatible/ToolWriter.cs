using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>The tools of a call: <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
internal static class ToolWriter
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options, Dialect dialect)
    {
        if (options.Tools?.OfType<AIFunctionDeclaration>().Any() != true)
        {
            return;
        }

        WriteTools(writer, options.Tools);
        if (options.AllowMultipleToolCalls is { } several)
        {
            writer.WriteBoolean("parallel_tool_calls", several);
        }

        WriteChoice(writer, options.ToolMode, dialect);
    }

    /// <summary>The list of tools, as Ollama's own API takes it too.</summary>
    public static void WriteTools(Utf8JsonWriter writer, IEnumerable<AITool> tools)
    {
        writer.WriteStartArray("tools");
        foreach (var tool in tools.OfType<AIFunctionDeclaration>())
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.Write("parameters", tool.JsonSchema);
            if (tool.AdditionalProperties.GetValueOrDefault(ExtraOptions.Strict) is bool strict)
            {
                writer.WriteBoolean(ExtraOptions.Strict, strict);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ChatToolMode? mode, Dialect dialect)
    {
        if (mode is RequiredChatToolMode { RequiredFunctionName: { } name })
        {
            writer.WriteStartObject("tool_choice");
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", name);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("tool_choice", mode switch { NoneChatToolMode => "none", RequiredChatToolMode => dialect.AnyTool, _ => "auto" });
        }
    }
}
