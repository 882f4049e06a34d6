using Microsoft.Extensions.AI;
using Minion.Edge.OpenAi.Models;
using Minion.Models;

namespace Minion.Edge.OpenAi.Answers;

/// <summary>A model behind the gateway.</summary>
internal sealed class ModelSource(ModelGateway gateway, ModelDefinition definition, DeclaredModels declared) : IAnswerSource
{
    public async Task<Answer> AnswerAsync(Ask ask, CancellationToken cancellationToken)
    {
        using var client = gateway.GetChatClient(definition, Call(ask));
        return Answer.Of(await client.GetResponseAsync(ask.Messages, ask.Options, cancellationToken));
    }

    public IAsyncEnumerable<ChatResponseUpdate> StreamAsync(Ask ask, CancellationToken cancellationToken) =>
        gateway.GetChatClient(definition, Call(ask)).GetStreamingResponseAsync(ask.Messages, ask.Options, cancellationToken);

    private ModelCall Call(Ask ask) => new(ask.Caller) { FindModel = (name, token) => declared.FindAsync(ask.Caller, name, token).AsTask() };
}
