using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>The texts of <c>content</c>: a string, or a list of parts of type <c>text</c> and <c>thinking</c> (Mistral).</summary>
internal static class TextParts
{
    public static IEnumerable<AIContent> Of(JsonElement? content)
    {
        if (content is { ValueKind: JsonValueKind.String } text)
        {
            return text.GetString() is { Length: > 0 } whole ? [new TextContent(whole)] : [];
        }

        return content is { ValueKind: JsonValueKind.Array } parts ? parts.EnumerateArray().SelectMany(Part) : [];
    }

    private static IEnumerable<AIContent> Part(JsonElement part)
    {
        if (part.Text("type") == "thinking")
        {
            return part.Items("thinking").Select(t => t.Text("text")).OfType<string>().Select(t => new TextReasoningContent(t));
        }

        return part.Text("text") is { Length: > 0 } text ? [new TextContent(text)] : [];
    }
}
