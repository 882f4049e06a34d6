using Microsoft.Extensions.AI;
using Minion.Models;

namespace Minion.Edge.OpenAi.Answers;

/// <summary>A model behind the gateway.</summary>
internal sealed class ModelSource(ModelGateway gateway, ModelDefinition definition) : IAnswerSource
{
    public async Task<Answer> AnswerAsync(Ask ask, CancellationToken cancellationToken)
    {
        using var client = gateway.GetChatClient(definition, new ModelCall(ask.Caller));
        return Answer.Of(await client.GetResponseAsync(ask.Messages, ask.Options, cancellationToken));
    }

    public IAsyncEnumerable<ChatResponseUpdate> StreamAsync(Ask ask, CancellationToken cancellationToken) =>
        gateway.GetChatClient(definition, new ModelCall(ask.Caller)).GetStreamingResponseAsync(ask.Messages, ask.Options, cancellationToken);
}
