namespace Minion.Models;

/// <summary>What a model can do beyond text in and text out.</summary>
public static class ModelCapabilities
{
    /// <summary>Calls tools.</summary>
    public const string Tools = "tools";

    /// <summary>Reads images.</summary>
    public const string Vision = "vision";

    /// <summary>Answers in JSON of a given schema.</summary>
    public const string JsonSchema = "json_schema";

    /// <summary>Thinks before it answers, and counts that as output.</summary>
    public const string Reasoning = "reasoning";

    /// <summary>Tells the probabilities of its tokens.</summary>
    public const string Logprobs = "logprobs";

    /// <summary>Hears.</summary>
    public const string Audio = "audio";

    /// <summary>Gives embeddings, and nothing else.</summary>
    public const string Embeddings = "embeddings";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Tools, Vision, JsonSchema, Reasoning, Logprobs, Audio, Embeddings];
}
