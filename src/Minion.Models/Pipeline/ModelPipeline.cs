using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Pipeline;

/// <summary>
/// What every call to a model goes through, in this order:
/// validate → reserve budget → cache → route → for each candidate: admit → timeout → retry → circuit breaker → provider →
/// settle budget → record usage, cost and telemetry. A stage that is not in the list does not exist yet; its place is between its neighbours.
/// </summary>
internal sealed class ModelPipeline(TimeProvider time, MinionTelemetry telemetry, IOptions<ModelOptions> options, ILogger<ModelGateway> logger)
{
    private readonly IChatStage[] _stages =
    [
        new Validation(),
        new Recording(time, telemetry, logger), // records when the stages below it are done
        new TotalTimeout(time),
        new Retry(time, options.Value, logger),
        new IdleTimeout(time),
    ];

    /// <summary>Sends a request through all stages to the provider.</summary>
    public IAsyncEnumerable<ChatResponseUpdate> RunAsync(ChatRequest request, IChatClient provider, CancellationToken cancellationToken)
    {
        NextStage next = (r, token) => AskAsync(provider, r, token);
        foreach (var stage in _stages.Reverse())
        {
            var rest = next;
            next = (r, token) => stage.InvokeAsync(r, rest, token);
        }

        return next(request, cancellationToken);
    }

    private static IAsyncEnumerable<ChatResponseUpdate> AskAsync(IChatClient provider, ChatRequest request, CancellationToken cancellationToken) =>
        request.Streamed
            ? provider.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken)
            : AskForAllAsync(provider, request, cancellationToken);

    private static async IAsyncEnumerable<ChatResponseUpdate> AskForAllAsync(
        IChatClient provider, ChatRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var response = await provider.GetResponseAsync(request.Messages, request.Options, cancellationToken);
        foreach (var update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }
}
