using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models.Tests.Cache;

/// <summary>The rest of the pipeline, in the test's hand: each call waits for its parts.</summary>
internal sealed class Upstream
{
    private readonly Channel<UpstreamCall> _calls = Channel.CreateUnbounded<UpstreamCall>();
    private int _count;

    public int Calls => Volatile.Read(ref _count);

    /// <summary>What every call answers at once; null when the test answers each by itself.</summary>
    public Func<ChatRequest, string>? Answer { get; set; }

    /// <summary>The next call that came.</summary>
    public async Task<UpstreamCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Patience);

    public async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        var call = new UpstreamCall(request, cancellationToken);
        if (Answer is { } answer)
        {
            call.Say(answer(request));
            call.End();
        }

        _calls.Writer.TryWrite(call);
        var succeeded = false;
        try
        {
            await foreach (var part in call.Parts.Reader.ReadAllAsync(cancellationToken))
            {
                yield return part;
            }

            succeeded = true;
        }
        finally
        {
            var usage = new UsageDetails { InputTokenCount = 7, OutputTokenCount = 3 };
            request.Report.Add(new Attempt(request.Definition, default, default, null, usage, false, "m", null, !succeeded));
        }
    }
}

internal sealed class UpstreamCall(ChatRequest request, CancellationToken cancellationToken)
{
    public Channel<ChatResponseUpdate> Parts { get; } = Channel.CreateUnbounded<ChatResponseUpdate>();

    public ChatRequest Request => request;

    public CancellationToken Cancellation => cancellationToken;

    public void Say(string text) => Parts.Writer.TryWrite(new ChatResponseUpdate(ChatRole.Assistant, text) { ModelId = "m" });

    public void End(ChatFinishReason? reason = null)
    {
        Parts.Writer.TryWrite(new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = reason ?? ChatFinishReason.Stop });
        Parts.Writer.TryWrite(new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 7, OutputTokenCount = 3 })]));
        Parts.Writer.TryComplete();
    }

    public void Fail(Exception error) => Parts.Writer.TryComplete(error);
}
