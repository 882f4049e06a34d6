using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>
/// One attempt at an OpenAI-compatible endpoint. The OpenAI package carries the bytes; what they say is read here, because the many
/// endpoints that call themselves compatible differ in what the package's own types take for granted.
/// </summary>
internal sealed class OpenAiChatClient(ModelDefinition definition, ProviderServices services, Connections connections) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await AnswerAsync(messages, options, streamed: false, cancellationToken).ToChatResponseAsync(cancellationToken);

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
        var key = ApiKey.Read(definition, services.Variable);
        var endpoint = new Endpoint(definition, key, services.Time);
        var body = RequestWriter.Write(definition, messages, options, streamed);
        using var response = await SendAsync(endpoint, body, key, cancellationToken);
        if (response.Status is < 200 or > 299)
        {
            var text = await Bodies.ReadStartAsync(response.ContentStream, cancellationToken);
            throw endpoint.Rejected(response.Status, name => response.Headers.TryGetValue(name, out var value) ? value : null, text);
        }

        var stream = new BoundedStream(response.ContentStream ?? Stream.Null, () => endpoint.Invalid("is longer than 64 MB"));
        var type = response.Headers.TryGetValue("Content-Type", out var header) ? header! : "";
        var answer = type.Contains("html", StringComparison.OrdinalIgnoreCase)
            ? throw endpoint.Html()
            : streamed && !type.Contains("application/json", StringComparison.OrdinalIgnoreCase)
                ? StreamedAnswer.ReadAsync(endpoint, stream, cancellationToken)
                : WholeAnswer.ReadAsync(endpoint, stream, cancellationToken);
        await using var updates = answer.GetAsyncEnumerator(cancellationToken);
        while (await Failures.GuardAsync(endpoint, updates.MoveNextAsync, cancellationToken))
        {
            yield return updates.Current;
        }
    }

    private async Task<PipelineResponse> SendAsync(Endpoint endpoint, BinaryData body, string? key, CancellationToken cancellationToken)
    {
        var client = connections.Open(definition, key);
        var request = new RequestOptions { BufferResponse = false, ErrorOptions = ClientErrorBehaviors.NoThrow, CancellationToken = cancellationToken };
        using var content = BinaryContent.Create(body);
        var result = await Failures.GuardAsync(
            endpoint, async () => await client.CompleteChatAsync(content, request), cancellationToken);
        return result.GetRawResponse();
    }
}
