using Microsoft.Extensions.AI;

namespace Minion.Models.Pipeline;

/// <summary>One call on its way through the pipeline.</summary>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">What the caller asks for.</param>
/// <param name="Streamed">Whether the provider is to stream; else its answer comes as a whole.</param>
/// <param name="Definition">The model: as it was asked for until the route is chosen, then the one that is asked.</param>
/// <param name="Call">Who calls.</param>
/// <param name="Deadline">When it ends, whatever happens; set by <see cref="TotalTimeout"/>.</param>
internal sealed record ChatRequest(
    IReadOnlyList<ChatMessage> Messages, ChatOptions? Options, bool Streamed, ModelDefinition Definition, ModelCall Call, DateTimeOffset Deadline)
{
    /// <summary>What becomes of the call; the same one for all stages and attempts.</summary>
    public CallReport Report { get; init; } = new();

    /// <summary>How long the next candidate is likely to take to begin its answer; null when there is none left. No retry waits for longer.</summary>
    public TimeSpan? NextCandidate { get; init; }
}

/// <summary>The rest of the pipeline.</summary>
internal delegate IAsyncEnumerable<ChatResponseUpdate> NextStage(ChatRequest request, CancellationToken cancellationToken);

/// <summary>
/// A stage of the pipeline. Answers are streams for all of them: one that the provider gives as a whole is a stream that comes at once.
/// </summary>
internal interface IChatStage
{
    IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(ChatRequest request, NextStage next, CancellationToken cancellationToken);
}
