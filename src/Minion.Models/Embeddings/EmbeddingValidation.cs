using Microsoft.Extensions.AI;

namespace Minion.Models.Embeddings;

/// <summary>Refuses what no provider could embed. No texts are no embeddings, without a call.</summary>
internal sealed class EmbeddingValidation : IEmbeddingStage
{
    public Task<GeneratedEmbeddings<Embedding<float>>> InvokeAsync(EmbeddingRequest request, NextEmbeddingStage next, CancellationToken cancellationToken)
    {
        if (ModelProviders.Find(request.Definition.Provider)!.EmbeddingBatch == 0)
        {
            throw new ModelException(
                ModelErrorKind.InvalidRequest,
                $"The provider {request.Definition.Provider} has no embeddings.",
                $"Use a model of another provider; {ModelProviders.Local} needs neither a network nor a key.");
        }

        for (var i = 0; i < request.Texts.Count; i++)
        {
            if (string.IsNullOrEmpty(request.Texts[i]))
            {
                throw new ModelException(ModelErrorKind.InvalidRequest, $"The text {i + 1} of {request.Texts.Count} to embed is empty.", "Leave empty texts out.");
            }
        }

        return request.Texts.Count == 0 ? Task.FromResult(new GeneratedEmbeddings<Embedding<float>>()) : next(request, cancellationToken);
    }
}
