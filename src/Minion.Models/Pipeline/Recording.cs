using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Pipeline;

/// <summary>Records each call's outcome, duration and tokens. An answer without token counts gets an estimate, so that limits hold.</summary>
internal sealed class Recording(TimeProvider time, MinionTelemetry telemetry, ILogger logger) : IChatStage
{
    public async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(
        ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (definition, call) = (request.Definition, request.Call);
        var started = time.GetTimestamp();
        using var span = telemetry.StartChat(
            definition.Provider, definition.Model ?? definition.Name, call.Agent ?? "", call.Run?.ToString(), (int)(call.Step ?? 0));
        await using var answer = next(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var contents = new List<AIContent>();
        UsageDetails? usage = null;
        ChatFinishReason? finish = null;
        string? responseModel = null;
        while (await MoveNextAsync())
        {
            var update = answer.Current;
            contents.AddRange(update.Contents);
            usage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? usage;
            finish = update.FinishReason ?? finish;
            responseModel = update.ModelId ?? responseModel;
            yield return update;
        }

        if (usage is null)
        {
            usage = TokenEstimate.Usage(request.Messages, request.Options, contents);
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage) { AdditionalProperties = new() { [TokenEstimate.Key] = true } }]);
        }

        span.Succeed(usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0, finish?.Value, responseModel);
        LogMessages.Answered(logger, definition.Name, usage.InputTokenCount, usage.OutputTokenCount, time.GetElapsedTime(started).TotalMilliseconds);

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await answer.MoveNextAsync();
            }
            catch (ModelException error)
            {
                span.Fail(error.Reason.ToLowerInvariant());
                LogMessages.Failed(logger, definition.Name, error.Reason, error.Message);
                throw;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                span.Fail("cancelled");
                throw;
            }
        }
    }
}
