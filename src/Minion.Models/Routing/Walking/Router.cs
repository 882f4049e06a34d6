using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Minion.Models.Cache;
using Minion.Models.Pipeline;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Routing;

/// <summary>
/// Asks the models of the plan one after the other, until one begins to answer. From then on it is that one's answer: when it breaks off, the
/// caller is told how much of it was given out, and nothing is pieced together.
/// </summary>
internal sealed class Router(RoutePlanner planner, CandidateList list, IStaleAnswers stale, MinionTelemetry telemetry, TimeProvider time, ILogger<ModelGateway> logger)
    : IChatStage
{
    public async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(
        ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(request, cancellationToken);
        request.Report.Route = plan.Route;
        var walk = new Walk(WithDeadline(request), plan, next, list, telemetry, time, logger);
        var delivered = 0;
        await using var answer = await OpenAsync(request, plan, walk, cancellationToken);
        while (await MoveNextAsync())
        {
            delivered += answer.Current.Text.Length;
            yield return answer.Current;
        }

        if (plan.Route is { } route)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, []) { AdditionalProperties = new() { [AnswerProperties.Route] = route } };
        }

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await answer.MoveNextAsync();
            }
            catch (ModelException error)
            {
                throw new ModelException(
                    error.Kind, $"{error.Message} It broke off after {delivered} characters of its answer had been given out.", error.Hint, error.RetryAfter, error)
                {
                    DeliveredCharacters = delivered,
                };
            }
        }
    }

    private async Task<IAsyncEnumerator<ChatResponseUpdate>> OpenAsync(ChatRequest request, RoutePlan plan, Walk walk, CancellationToken cancellationToken)
    {
        try
        {
            return await walk.OpenAsync(cancellationToken);
        }
        catch (ModelException error) when (Walk.GoesOn(error) && plan.Router?.May(RoutePolicies.Stale) != false)
        {
            if (await stale.TryStaleAsync(request, cancellationToken) is not { } kept)
            {
                throw;
            }

            if (plan.Route is { } route)
            {
                (route.Model, route.Degraded) = ("cache", RoutePolicies.Stale);
            }

            return kept.ToAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
        }
    }

    // A router's own timeout is for all that it asks together; each model keeps its own.
    private ChatRequest WithDeadline(ChatRequest request) =>
        request.Definition is { Provider: ModelProviders.Router, Timeout: { } timeout } && time.GetUtcNow() + timeout is var latest && !(request.Call.Deadline < latest)
            ? request with { Call = request.Call with { Deadline = latest } }
            : request;
}
