using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Pipeline;

/// <summary>
/// Records each attempt's outcome, duration and tokens: in the call's report, as a span and in the log. An answer without token counts
/// gets an estimate, so that limits hold; so does an attempt that broke off.
/// </summary>
internal sealed class Recording(TimeProvider time, MinionTelemetry telemetry, ILogger logger) : IChatStage
{
    public async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(
        ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Nothing was sent yet: there is no attempt to be paid for.
        cancellationToken.ThrowIfCancellationRequested();
        var (definition, call) = (request.Definition, request.Call);
        using var span = telemetry.StartChat(
            definition.Provider, definition.Model ?? definition.Name, call.Agent ?? "", call.Run?.ToString(), (int)(call.Step ?? 0));
        var seen = new AttemptRecorder(request, time);
        try
        {
            await using var answer = next(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync())
            {
                seen.Add(answer.Current);
                yield return answer.Current;
            }

            var attempt = seen.Succeeded();
            if (attempt.Estimated)
            {
                yield return new ChatResponseUpdate(
                    ChatRole.Assistant, [new UsageContent(attempt.Usage) { AdditionalProperties = new() { [TokenEstimate.Key] = true } }]);
            }

            span.Succeed(attempt.Usage.InputTokenCount ?? 0, attempt.Usage.OutputTokenCount ?? 0, seen.FinishReason?.Value, attempt.Model);
            LogMessages.Answered(logger, definition.Name, attempt.Usage.InputTokenCount, attempt.Usage.OutputTokenCount, attempt.Duration.TotalMilliseconds);

            async ValueTask<bool> MoveNextAsync()
            {
                try
                {
                    return await answer.MoveNextAsync();
                }
                catch (ModelException error)
                {
                    seen.Failed(error.Kind);
                    span.Fail(error.Reason.ToLowerInvariant());
                    LogMessages.Failed(logger, definition.Name, error.Reason, error.Message);
                    throw;
                }
            }
        }
        finally
        {
            // Cancelled, or a reader that stops reading disposes of the enumeration.
            if (seen.GivenUp())
            {
                span.Fail("cancelled");
            }
        }
    }
}
