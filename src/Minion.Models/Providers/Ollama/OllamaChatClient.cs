using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Ollama;

/// <summary>One attempt at <c>POST /api/chat</c>.</summary>
internal sealed class OllamaChatClient(ModelDefinition definition, ProviderServices services) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        AnswerAsync(messages, options, streamed: false, cancellationToken).ToChatResponseAsync(cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        AnswerAsync(messages, options, streamed: true, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The connections outlive a call.
    }

    private async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, bool streamed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var endpoint = new Endpoint(definition, services, OllamaErrors.Judge);
        var request = OllamaRequest.Write(definition, messages, options, streamed);
        using var exchange = await HttpExchange.SendAsync(endpoint, Authorization.Bearer(request, endpoint), cancellationToken);
        var answer = OllamaAnswer.ReadAsync(endpoint, exchange.Body, cancellationToken);
        await foreach (var update in Failures.GuardAsync(endpoint, answer, cancellationToken))
        {
            yield return update;
        }
    }
}
