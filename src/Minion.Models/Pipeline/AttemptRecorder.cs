using Microsoft.Extensions.AI;

namespace Minion.Models.Pipeline;

/// <summary>Watches the parts of one attempt and adds it to the call's report, once, however it ends.</summary>
internal sealed class AttemptRecorder(ChatRequest request, TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly long _timestamp = time.GetTimestamp();
    private long _characters;
    private TimeSpan? _firstPart;
    private UsageDetails? _usage;
    private string? _model;
    private bool _ended;

    public ChatFinishReason? FinishReason { get; private set; }

    public void Add(ChatResponseUpdate update)
    {
        if (_firstPart is null && update.Contents.Count > 0)
        {
            _firstPart = time.GetElapsedTime(_timestamp);
        }

        // Counted, not kept: an answer may be long, and thousands may be under way.
        foreach (var content in update.Contents)
        {
            _characters += TokenEstimate.Length(content);
            _usage = (content as UsageContent)?.Details ?? _usage;
        }

        FinishReason = update.FinishReason ?? FinishReason;
        _model = update.ModelId ?? _model;
    }

    public Attempt Succeeded() => End(error: null, cancelled: false);

    public Attempt Failed(ModelErrorKind kind) => End(kind, cancelled: false);

    /// <summary>Ends an attempt that has not ended by itself; false when it has.</summary>
    public bool GivenUp()
    {
        if (_ended)
        {
            return false;
        }

        End(error: null, cancelled: true);
        return true;
    }

    private Attempt End(ModelErrorKind? error, bool cancelled)
    {
        _ended = true;
        var attempt = new Attempt(
            request.Definition, _started, time.GetElapsedTime(_timestamp), _firstPart,
            _usage ?? TokenEstimate.Usage(request.Messages, request.Options, _characters), _usage is null, _model, error, cancelled);
        request.Report.Add(attempt);
        return attempt;
    }
}
