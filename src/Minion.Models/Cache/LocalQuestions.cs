using Minion.Models.Providers.Local;

namespace Minion.Models.Cache;

/// <summary>The meaning of a question by the provider <c>local</c>: some microseconds, no network, nothing to pay.</summary>
internal sealed class LocalQuestions : IQuestionEmbedder
{
    public ValueTask<QuestionEmbedding> EmbedAsync(string question, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new QuestionEmbedding(HashedText.Name, HashedText.Embed(question)));
}
