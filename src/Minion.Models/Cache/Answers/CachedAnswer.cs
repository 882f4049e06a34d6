using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Minion.Models.Cache;

/// <summary>An answer as it is kept.</summary>
/// <param name="Parts">Its contents, in order.</param>
/// <param name="Finish">Why the model stopped.</param>
/// <param name="Model">The model that gave it, as it names itself.</param>
/// <param name="InputTokens">What the model read.</param>
/// <param name="OutputTokens">What it wrote.</param>
/// <param name="Usd">What it cost; null when the price is not known.</param>
internal sealed record CachedAnswer(
    IReadOnlyList<CachedPart> Parts, string? Finish, string? Model, long InputTokens, long OutputTokens, decimal? Usd)
{
    public const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    [JsonIgnore]
    public bool CallsTools => Parts.Any(p => p.Tool is not null);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, CachedAnswerJson.Default.CachedAnswer);

    /// <summary>Null when it is none, or one of another version: then it is as if it were not there.</summary>
    public static CachedAnswer? FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CachedAnswerJson.Default.CachedAnswer) is { Schema: CurrentSchema } answer ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One content: text, reasoning, or a call of a tool.</summary>
internal sealed record CachedPart(string? Text = null, string? Reasoning = null, string? Protected = null, string? Call = null, string? Tool = null, string? Arguments = null)
{
    public AIContent ToContent() => this switch
    {
        { Tool: { } tool } => ToolCallArguments.ToCall(Call ?? "", tool, Arguments ?? ""),
        { Text: { } text } => new TextContent(text),
        _ => new TextReasoningContent(Reasoning) { ProtectedData = Protected },
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CachedAnswer))]
internal sealed partial class CachedAnswerJson : JsonSerializerContext;
