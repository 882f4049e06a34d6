using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models.Cache;

/// <summary>The last resort before a refusal.</summary>
internal interface IStaleAnswers
{
    /// <summary>
    /// The kept answer to exactly this request, also when its time is over; null when there is none, or the request may not use the cache.
    /// The request's report then says so (<see cref="CallReport.CacheHit"/>), and the answer's end too.
    /// </summary>
    /// <param name="request">The request as the stage after the cache was given it: with the model that was asked for.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    ValueTask<IReadOnlyList<ChatResponseUpdate>?> TryStaleAsync(ChatRequest request, CancellationToken cancellationToken);
}
