namespace Minion.Models.Cache;

/// <summary>Says what a question means.</summary>
internal interface IQuestionEmbedder
{
    ValueTask<QuestionEmbedding> EmbedAsync(string question, CancellationToken cancellationToken);
}
