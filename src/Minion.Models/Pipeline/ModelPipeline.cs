using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Models.Cache;
using Minion.Models.Money;
using Minion.Models.Resilience;
using Minion.Models.Routing;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Pipeline;

/// <summary>
/// What every call to a model goes through, in this order:
/// validate → rate limits → reserve budget → cache → route → for each candidate: timeout → bulkhead → retry → circuit breaker → provider →
/// settle budget → record usage, cost and telemetry. A stage that is not in the list does not exist yet; its place is between its neighbours.
/// </summary>
internal sealed class ModelPipeline
{
    private readonly NextStage _first;

    public ModelPipeline(
        ProviderServices services,
        PriceList prices,
        RateLimiting limits,
        ResponseCache cache,
        Router router,
        Bulkhead bulkhead,
        CircuitBreaking circuits,
        MinionTelemetry telemetry,
        IOptions<ModelOptions> options,
        ILogger<ModelGateway> logger,
        Ledger? ledger = null)
    {
        var time = services.Time;
        IChatStage[] stages =
        [
            // once for each call
            new Validation(),
            limits,
            .. ledger is null ? Array.Empty<IChatStage>() : [new Spending(ledger, prices)],
            cache,
            router,

            // for each candidate
            .. ledger is null ? Array.Empty<IChatStage>() : [new CandidateReserve(ledger, prices)],
            new TotalTimeout(time),
            bulkhead,
            new Retry(time, options.Value, logger),

            // for each attempt
            circuits,
            new Recording(time, telemetry, logger),
            new IdleTimeout(time),
        ];
        NextStage last = (request, token) => ProviderCall.RunAsync(request, services, token);
        _first = stages.Reverse().Aggregate(last, (next, stage) => (request, token) => stage.InvokeAsync(request, next, token));
    }

    /// <summary>Sends a request through all stages to its provider.</summary>
    public IAsyncEnumerable<ChatResponseUpdate> RunAsync(ChatRequest request, CancellationToken cancellationToken) => _first(request, cancellationToken);
}
