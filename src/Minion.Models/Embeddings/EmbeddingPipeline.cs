using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Models.Money;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Embeddings;

/// <summary>What every call for embeddings goes through, in this order.</summary>
internal sealed class EmbeddingPipeline
{
    private readonly NextEmbeddingStage _first;

    public EmbeddingPipeline(ProviderServices services, MinionTelemetry telemetry, IOptions<ModelOptions> options, ILogger<ModelGateway> logger,
        PriceList prices, Ledger? ledger = null)
    {
        IEmbeddingStage[] stages =
        [
            // once for each call
            new EmbeddingValidation(),
            .. ledger is null ? Array.Empty<IEmbeddingStage>() : [new EmbeddingSpending(ledger, prices)],
            new EmbeddingTimeout(services.Time),

            // for each batch
            new EmbeddingBatches(),
            new EmbeddingRetry(services.Time, options.Value, logger),

            // for each attempt
            new EmbeddingRecording(services.Time, telemetry, logger),
        ];
        NextEmbeddingStage last = (request, token) =>
            ModelProviders.Find(request.Definition.Provider)!.CreateEmbedder(request.Definition, services)!.GenerateAsync(request.Texts, request.Options, token);
        _first = stages.Reverse().Aggregate(last, (next, stage) => (request, token) => stage.InvokeAsync(request, next, token));
    }

    /// <summary>Sends a request through all stages to its provider.</summary>
    public Task<GeneratedEmbeddings<Embedding<float>>> RunAsync(EmbeddingRequest request, CancellationToken cancellationToken) => _first(request, cancellationToken);
}
