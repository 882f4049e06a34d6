using System.Diagnostics;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>A model call under way, a chat or embeddings; see <see cref="MinionTelemetry.StartChat"/>.</summary>
public sealed class ChatSpan : IDisposable
{
    private readonly Instruments _instruments;
    private readonly TimeProvider _time;
    private readonly string _operation;
    private readonly string _provider;
    private readonly string _model;
    private readonly long _started;
    private bool _ended;

    internal ChatSpan(Activity? activity, Instruments instruments, TimeProvider time, string operation, string provider, string model)
    {
        Activity = activity;
        _instruments = instruments;
        _time = time;
        _operation = operation;
        _provider = provider;
        _model = model;
        _started = time.GetTimestamp();
    }

    /// <summary>The span; null when nobody listens.</summary>
    public Activity? Activity { get; }

    /// <summary>The model answered.</summary>
    /// <param name="inputTokens">Tokens of the prompt.</param>
    /// <param name="outputTokens">Tokens of the answer.</param>
    /// <param name="finishReason">Why the model stopped, or null.</param>
    /// <param name="responseModel">The model that answered, when it says so.</param>
    public void Succeed(long inputTokens, long outputTokens, string? finishReason = null, string? responseModel = null)
    {
        Activity?.SetTag(TelemetryNames.InputTokens, inputTokens)
            .SetTag(TelemetryNames.OutputTokens, outputTokens)
            .SetTag(TelemetryNames.ResponseModel, responseModel)
            .SetTag(TelemetryNames.FinishReasons, finishReason is null ? null : new[] { finishReason });
        Count(inputTokens, "input");
        if (_operation != TelemetryNames.Embeddings)
        {
            Count(outputTokens, "output");
        }

        End(errorKind: null);
    }

    /// <summary>The call failed.</summary>
    /// <param name="errorKind">Of few values, for example <c>rate_limited</c>.</param>
    public void Fail(string errorKind)
    {
        Activity?.SetTag(TelemetryNames.ErrorType, errorKind).SetStatus(ActivityStatusCode.Error, errorKind);
        End(errorKind);
    }

    /// <summary>Ends the span; a call without an outcome counts as abandoned.</summary>
    public void Dispose()
    {
        if (!_ended)
        {
            End("abandoned");
        }
    }

    private void Count(long tokens, string type)
    {
        var tags = Tags();
        tags.Add(TelemetryNames.TokenType, type);
        _instruments.TokenUsage.Record(tokens, tags);
    }

    private void End(string? errorKind)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        var seconds = _time.GetElapsedTime(_started).TotalSeconds;
        var tags = Tags();
        if (errorKind is not null)
        {
            tags.Add(TelemetryNames.ErrorType, errorKind);
        }

        _instruments.OperationDuration.Record(seconds, tags);
        _instruments.ModelLatency.Record(
            seconds,
            new(TelemetryNames.Model, _model),
            new(TelemetryNames.Provider, _provider),
            new(TelemetryNames.Status, errorKind is null ? "ok" : "failed"));
        Activity?.Dispose();
    }

    private TagList Tags() => new(
    [
        new(TelemetryNames.OperationName, _operation),
        new(TelemetryNames.ProviderName, _provider),
        new(TelemetryNames.RequestModel, _model),
    ]);
}
