using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>In what an endpoint departs from OpenAI's API as most compatible endpoints serve it.</summary>
internal sealed record Dialect(Vendor Vendor)
{
    /// <summary>The member with the limit of output tokens.</summary>
    public string MaxTokens { get; init; } = "max_tokens";

    /// <summary>The member with the seed.</summary>
    public string Seed { get; init; } = "seed";

    /// <summary>The <c>tool_choice</c> that makes the model call some tool.</summary>
    public string AnyTool { get; init; } = "required";

    /// <summary>Whether token counts of a stream must be asked for.</summary>
    public bool StreamOptions { get; init; } = true;

    /// <summary>The members beyond those that all endpoints know that are sent on when the caller gives them.</summary>
    public IReadOnlyList<string> Extras { get; init; } = ExtraOptions.All;

    /// <summary>The member with the wanted dimensions of an embedding.</summary>
    public string Dimensions { get; init; } = "dimensions";

    /// <summary>Whether embeddings are asked for as base64, a third of the size of numbers.</summary>
    public bool Base64 { get; init; }

    /// <summary>The most texts in one request for embeddings; 0 when the provider has none.</summary>
    public int EmbeddingBatch { get; init; } = 128;

    /// <summary>The ids of tool calls as the endpoint takes them.</summary>
    public Func<string, string> CallId { get; init; } = id => id;

    /// <summary>What its errors mean where they differ from the usual.</summary>
    public RejectionJudge? Judge { get; init; }
}
