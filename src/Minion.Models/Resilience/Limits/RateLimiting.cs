using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Resilience;

/// <summary>
/// Holds callers to their calls and tokens a minute. A call's tokens are estimated when it begins, from its prompt, and counted by what they
/// were when it ended.
/// </summary>
internal sealed class RateLimiting(Quotas quotas, IRateCounters counters, RateLimitOptions options, MinionTelemetry telemetry, TimeProvider time) : IChatStage
{
    public IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(ChatRequest request, NextStage next, CancellationToken cancellationToken) =>
        quotas.Any && quotas.Of(request.Call.Caller, request.Call.Agent) is { Count: > 0 } limits
            ? LimitAsync(request, limits, next, cancellationToken)
            : next(request, cancellationToken);

    private async IAsyncEnumerable<ChatResponseUpdate> LimitAsync(
        ChatRequest request, IReadOnlyList<Quota> limits, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var estimate = TokenEstimate.Usage(request.Messages, request.Options, answer: 0).TotalTokenCount ?? 0;
        await EnterAsync(request, limits, estimate, cancellationToken);
        try
        {
            await foreach (var update in next(request, cancellationToken).WithCancellation(cancellationToken))
            {
                yield return update;
            }
        }
        finally
        {
            if (limits.Any(l => l.IsTokens))
            {
                await counters.SettleAsync(limits, request.Report.Attempts.Sum(a => a.Usage.TotalTokenCount ?? 0) - estimate);
            }
        }
    }

    private async Task EnterAsync(ChatRequest request, IReadOnlyList<Quota> limits, long estimate, CancellationToken cancellationToken)
    {
        var latest = time.GetUtcNow() + TimeSpan.FromSeconds(options.MaxWaitSeconds);
        latest = request.Call.Deadline < latest ? request.Call.Deadline.Value : latest;
        while (true)
        {
            var verdict = await counters.TakeAsync(limits, estimate, cancellationToken);
            if (verdict.Refusing is not { } refusing)
            {
                return;
            }

            telemetry.CountRateLimited(refusing.Scope, refusing.IsTokens ? "tokens" : "calls");
            if (time.GetUtcNow() + verdict.Wait > latest)
            {
                throw new ModelException(
                    ModelErrorKind.RateLimited,
                    $"The limit of {refusing.Limit} {(refusing.IsTokens ? "tokens" : "calls")} a minute {Whose(refusing.Scope, request.Call)} is reached.",
                    $"Try again in {Math.Ceiling(verdict.Wait.TotalSeconds):0} s, or have the limit raised (Models:RateLimits).",
                    verdict.Wait);
            }

            await Task.Delay(verdict.Wait, time, cancellationToken);
        }
    }

    private static string Whose(string scope, ModelCall call) => scope switch
    {
        "tenant" => $"of the tenant '{call.Caller.Tenant}'",
        "user" => $"of '{call.Caller.Principal}'",
        "agent" => $"of the agent '{call.Agent}'",
        _ => "of this server",
    };
}
