using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>One attempt at <c>generateContent</c> or <c>streamGenerateContent</c>.</summary>
internal sealed class GeminiChatClient(ModelDefinition definition, ProviderServices services) : IChatClient
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
        var endpoint = new Endpoint(definition, services, GeminiErrors.Judge);
        var request = GeminiRequest.Write(definition, messages, options, streamed);
        using var exchange = await HttpExchange.SendAsync(endpoint, GeminiEndpoint.WithKey(request, endpoint), cancellationToken);
        var chunks = exchange.ContentType == "text/event-stream"
            ? EventStream.ReadAsync(endpoint, exchange.Body, cancellationToken)
            : OnceAsync(endpoint, exchange.Body, cancellationToken);
        await foreach (var update in Failures.GuardAsync(endpoint, GeminiAnswer.ReadAsync(endpoint, chunks, cancellationToken), cancellationToken))
        {
            yield return update;
        }
    }

    private static async IAsyncEnumerable<JsonElement> OnceAsync(Endpoint endpoint, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var document = await WholeBody.ParseAsync(endpoint, body, cancellationToken);
        yield return document.RootElement;
    }
}
