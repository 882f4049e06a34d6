using Microsoft.Extensions.AI;

namespace Minion.Models.Pipeline;

/// <summary>Refuses what no provider could answer, before anything is spent on it.</summary>
internal sealed class Validation : IChatStage
{
    public IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(ChatRequest request, NextStage next, CancellationToken cancellationToken)
    {
        Check(request.Messages.Count > 0, "The conversation has no messages.", "Send at least one message.");
        Check(request.Options?.MaxOutputTokens is null or > 0, "The limit of output tokens is not positive.", "Leave max_output_tokens out or raise it.");
        return next(request, cancellationToken);
    }

    private static void Check(bool holds, string message, string hint)
    {
        if (!holds)
        {
            throw new ModelException(ModelErrorKind.InvalidRequest, message, hint);
        }
    }
}
