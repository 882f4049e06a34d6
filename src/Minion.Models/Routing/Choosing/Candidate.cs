namespace Minion.Models.Routing;

/// <summary>A model that may answer.</summary>
/// <param name="Name">What the router, or the catalog, calls it.</param>
/// <param name="Definition">How it is reached.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="Capabilities">What it can do; null when nobody said, which counts as everything.</param>
/// <param name="Health">How it did lately, and whether another is the better choice now.</param>
internal sealed record Candidate(string Name, ModelDefinition Definition, ModelTier Tier, IReadOnlySet<string>? Capabilities, CandidateHealth Health)
{
    /// <summary>About what the request costs here, in USD.</summary>
    public decimal Cost(RequestNeeds needs) => Definition.Price is { } price
        ? ((needs.InputTokens * price.Input) + (needs.OutputTokens * price.Output)) / 1_000_000
        : 0;

    /// <summary>Why it cannot answer the request; null when it can.</summary>
    public string? Misfit(RequestNeeds needs)
    {
        if (Definition.ContextWindow is { } window && needs.InputTokens + needs.OutputTokens > window)
        {
            return $"{needs.InputTokens + needs.OutputTokens} tokens do not fit into its {window}";
        }

        return Capabilities is null || needs.Capabilities.FirstOrDefault(c => !Capabilities.Contains(c)) is not { } missing ? null : $"it has no {missing}";
    }
}

/// <summary>What a candidate's circuit says.</summary>
/// <param name="IsPoor">Whether it is broken, or has just refused its key.</param>
/// <param name="FirstPart">How long it lately took to begin an answer; null when that is not known.</param>
internal readonly record struct CandidateHealth(bool IsPoor, TimeSpan? FirstPart);

/// <summary>What a request asks of a model.</summary>
/// <param name="InputTokens">About how many tokens go in.</param>
/// <param name="OutputTokens">How many may come out; a guess where the caller set no limit.</param>
/// <param name="Capabilities">Of <see cref="ModelCapabilities"/>.</param>
internal sealed record RequestNeeds(long InputTokens, long OutputTokens, IReadOnlyList<string> Capabilities)
{
    private const long UsualOutput = 1_000;

    public static RequestNeeds Of(RequestShape shape, Microsoft.Extensions.AI.ChatOptions? options)
    {
        var capabilities = new List<string>();
        if (shape.Tools > 0)
        {
            capabilities.Add(ModelCapabilities.Tools);
        }

        if (shape.HasImages)
        {
            capabilities.Add(ModelCapabilities.Vision);
        }

        if (options?.ResponseFormat is Microsoft.Extensions.AI.ChatResponseFormatJson { Schema: not null })
        {
            capabilities.Add(ModelCapabilities.JsonSchema);
        }

        return new RequestNeeds(shape.Tokens, options?.MaxOutputTokens ?? UsualOutput, capabilities);
    }
}
