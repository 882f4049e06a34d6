using Microsoft.Extensions.AI;

namespace Minion.Edge.OpenAi.Answers;

/// <summary>What answers: a model, or an agent.</summary>
internal interface IAnswerSource
{
    /// <summary>The whole answer.</summary>
    Task<Answer> AnswerAsync(Ask ask, CancellationToken cancellationToken);

    /// <summary>The answer part by part; a part without contents says only that it goes on.</summary>
    IAsyncEnumerable<ChatResponseUpdate> StreamAsync(Ask ask, CancellationToken cancellationToken);
}
