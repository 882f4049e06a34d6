using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models;

/// <summary>A tool's result as the text that a model reads.</summary>
internal static class ToolResultText
{
    public static string Of(FunctionResultContent content) => content switch
    {
        { Result: string text } => text,
        { Result: JsonElement json } => json.GetRawText(),
        { Result: { } result } => JsonSerializer.Serialize(result),
        { Exception: { } failure } => $"Error: {failure.Message}",
        _ => "",
    };
}
