using Microsoft.Extensions.AI;

namespace Minion.Models.Pipeline;

/// <summary>An answer whose first part is there: from here on there is something that must not be said twice.</summary>
internal sealed class OpenedAnswer : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;

    private OpenedAnswer(IAsyncEnumerator<ChatResponseUpdate> updates) => _updates = updates;

    public ChatResponseUpdate Current => _updates.Current;

    /// <summary>Waits for the first part that carries something.</summary>
    public static async ValueTask<OpenedAnswer> OpenAsync(ChatRequest request, IAsyncEnumerable<ChatResponseUpdate> answer, CancellationToken cancellationToken)
    {
        var updates = answer.GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await updates.MoveNextAsync())
            {
                if (updates.Current.Contents.Count > 0 || updates.Current.FinishReason is not null)
                {
                    return new OpenedAnswer(updates);
                }
            }

            throw new ModelException(
                ModelErrorKind.InvalidAnswer, $"{request.Definition.Described()} answered nothing at all.", "Try again; if it stays so, look at the endpoint's log.");
        }
        catch
        {
            await updates.DisposeAsync();
            throw;
        }
    }

    public ValueTask<bool> MoveNextAsync() => _updates.MoveNextAsync();

    public ValueTask DisposeAsync() => _updates.DisposeAsync();
}
