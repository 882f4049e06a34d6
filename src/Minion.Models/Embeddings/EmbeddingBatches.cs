using Microsoft.Extensions.AI;

namespace Minion.Models.Embeddings;

/// <summary>Cuts many texts into as many requests as the provider's limit asks for, one after the other.</summary>
internal sealed class EmbeddingBatches : IEmbeddingStage
{
    /// <summary>The most characters in one request: providers also limit its tokens (OpenAI: 300,000).</summary>
    private const int MostCharacters = 500_000;

    public async Task<GeneratedEmbeddings<Embedding<float>>> InvokeAsync(EmbeddingRequest request, NextEmbeddingStage next, CancellationToken cancellationToken)
    {
        var batches = Cut(request.Texts, ModelProviders.Find(request.Definition.Provider)!.EmbeddingBatch);
        if (batches.Count == 1)
        {
            return await next(request, cancellationToken);
        }

        var all = new GeneratedEmbeddings<Embedding<float>>(request.Texts.Count) { Usage = new UsageDetails() };
        foreach (var batch in batches)
        {
            var embeddings = await next(request with { Texts = [.. request.Texts.Take(batch)] }, cancellationToken);
            all.AddRange(embeddings);
            all.Usage.Add(embeddings.Usage!);
        }

        return all;
    }

    private static List<Range> Cut(IReadOnlyList<string> texts, int mostTexts)
    {
        var batches = new List<Range>();
        var (start, characters) = (0, 0L);
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > start && (i - start == mostTexts || characters + texts[i].Length > MostCharacters))
            {
                batches.Add(start..i);
                (start, characters) = (i, 0);
            }

            characters += texts[i].Length;
        }

        batches.Add(start..texts.Count);
        return batches;
    }
}
