using Microsoft.Extensions.AI;
using Minion.Models.Money;

namespace Minion.Models.Embeddings;

/// <summary>Reserves what the call may cost at most, and settles what it did cost when it has ended, however that is.</summary>
internal sealed class EmbeddingSpending(Ledger ledger, PriceList prices) : IEmbeddingStage
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> InvokeAsync(EmbeddingRequest request, NextEmbeddingStage next, CancellationToken cancellationToken)
    {
        var reservation = await ledger.OpenAsync(request.Call, request.Definition, Estimates.Of(request.Texts, request.Definition, prices), cancellationToken);
        try
        {
            return await next(request, cancellationToken);
        }
        finally
        {
            ledger.Settle(reservation, [.. request.Report.Attempts.Select(a => UsageRecord.Of(request.Call, "embedding", a, prices))]);
        }
    }
}
