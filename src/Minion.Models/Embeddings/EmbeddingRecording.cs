using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Embeddings;

/// <summary>Records each attempt in the call's report, as a span and in the log. What was not counted is estimated.</summary>
internal sealed class EmbeddingRecording(TimeProvider time, MinionTelemetry telemetry, ILogger logger) : IEmbeddingStage
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> InvokeAsync(EmbeddingRequest request, NextEmbeddingStage next, CancellationToken cancellationToken)
    {
        var (definition, call) = (request.Definition, request.Call);
        using var span = telemetry.StartEmbeddings(
            definition.Provider, definition.Model ?? definition.Name, call.Agent ?? "", call.Run?.ToString(), (int)(call.Step ?? 0));
        // Nothing was sent yet: there is no attempt to be paid for.
        cancellationToken.ThrowIfCancellationRequested();
        var (started, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        try
        {
            var embeddings = await next(request, cancellationToken);
            var estimated = embeddings.Usage is null;
            embeddings.Usage ??= Estimate(request);
            Record(embeddings.Usage, estimated, embeddings.FirstOrDefault()?.ModelId);
            span.Succeed(embeddings.Usage.InputTokenCount ?? 0, outputTokens: 0);
            LogMessages.Answered(logger, definition.Name, embeddings.Usage.InputTokenCount, 0, time.GetElapsedTime(timestamp).TotalMilliseconds);
            return embeddings;
        }
        catch (ModelException error)
        {
            Record(Estimate(request), estimated: true, error: error.Kind);
            span.Fail(error.Reason.ToLowerInvariant());
            LogMessages.Failed(logger, definition.Name, error.Reason, error.Message);
            throw;
        }
        catch (OperationCanceledException)
        {
            Record(Estimate(request), estimated: true, cancelled: true);
            span.Fail("cancelled");
            throw;
        }

        void Record(UsageDetails usage, bool estimated, string? model = null, ModelErrorKind? error = null, bool cancelled = false)
        {
            var duration = time.GetElapsedTime(timestamp);
            request.Report.Add(new Attempt(definition, started, duration, error is null && !cancelled ? duration : null, usage, estimated, model, error, cancelled));
        }
    }

    private static UsageDetails Estimate(EmbeddingRequest request)
    {
        var tokens = request.Texts.Sum(t => (long)TokenEstimate.OfLength(t.Length));
        return new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
    }
}
