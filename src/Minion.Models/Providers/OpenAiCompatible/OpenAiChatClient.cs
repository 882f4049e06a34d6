using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>
/// One attempt at an endpoint that speaks OpenAI's chat completions. What it sends is read leniently, because the many endpoints that call
/// themselves compatible differ in what OpenAI's own types take for granted.
/// </summary>
internal sealed class OpenAiChatClient(ModelDefinition definition, ProviderServices services, Dialect dialect) : IChatClient
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
        var endpoint = new Endpoint(definition, services, dialect.Judge);
        var request = RequestWriter.Write(definition, messages, options, streamed, dialect);
        using var exchange = await HttpExchange.SendAsync(endpoint, Authorization.Bearer(request, endpoint), cancellationToken);
        var answer = streamed && exchange.ContentType != "application/json"
            ? StreamedAnswer.ReadAsync(endpoint, exchange.Body, cancellationToken)
            : WholeAnswer.ReadAsync(endpoint, exchange.Body, cancellationToken);
        await foreach (var update in Failures.GuardAsync(endpoint, answer, cancellationToken))
        {
            yield return update;
        }
    }
}
