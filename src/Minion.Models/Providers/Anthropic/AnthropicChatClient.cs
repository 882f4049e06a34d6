using System.Runtime.CompilerServices;
using global::Anthropic;
using global::Anthropic.Core;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Anthropic;

/// <summary>One attempt at Anthropic. The package writes and reads; timeouts, retries and telemetry are the gateway's, so its own are off.</summary>
internal sealed class AnthropicChatClient(ModelDefinition definition, ProviderServices services) : IChatClient
{
    /// <summary>The API asks for a limit; this one all current models take.</summary>
    private const int DefaultMaxOutputTokens = 8192;

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
        var endpoint = new Endpoint(definition, services, AnthropicErrors.Judge);
        var client = Open(endpoint);
        var prepared = AnthropicMessages.Prepare(messages);
        var answer = streamed
            ? client.GetStreamingResponseAsync(prepared, options, cancellationToken)
            : WholeAsync(client, prepared, options, cancellationToken);
        var parts = new AnthropicParts(endpoint);
        await foreach (var update in Failures.GuardAsync(endpoint, GuardAsync(endpoint, answer, parts, cancellationToken), cancellationToken))
        {
            yield return parts.Read(update);
        }

        if (parts.Finished is null)
        {
            throw endpoint.CutOff(parts.Characters);
        }
    }

    private IChatClient Open(Endpoint endpoint)
    {
        var address = new Uri(definition.Url!);
        var path = address.AbsolutePath.TrimEnd('/');
        return new AnthropicClient(new ClientOptions
        {
            // The package adds /v1 itself.
            BaseUrl = new UriBuilder(address) { Path = path.EndsWith("/v1", StringComparison.Ordinal) ? path[..^3] : path }.Uri.AbsoluteUri.TrimEnd('/'),
            ApiKey = endpoint.Key,
            HttpClient = new HttpClient(new RejectingHandler(endpoint, Connections.HandlerFor(address)), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan },
            MaxRetries = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            OpenTelemetry = false,
        }).AsIChatClient(definition.Model, DefaultMaxOutputTokens);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> WholeAsync(
        IChatClient client, List<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var response = await client.GetResponseAsync(messages, options, cancellationToken);
        var usage = response.Usage;
        response.Usage = null;
        foreach (var update in response.ToChatResponseUpdates())
        {
            update.RawRepresentation = null;
            yield return update;
        }

        if (usage is not null)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage)]) { ResponseId = response.ResponseId, ModelId = response.ModelId };
        }
    }

    /// <summary>What the package throws of its own becomes a <see cref="ModelException"/>.</summary>
    private static async IAsyncEnumerable<ChatResponseUpdate> GuardAsync(
        Endpoint endpoint, IAsyncEnumerable<ChatResponseUpdate> answer, AnthropicParts read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var parts = answer.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            yield return parts.Current;
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await parts.MoveNextAsync();
            }
            catch (Exception error) when (read.Characters > 0 && !cancellationToken.IsCancellationRequested && (error is IOException || error.InnerException is IOException))
            {
                throw endpoint.CutOff(read.Characters);
            }
            catch (Exception error)
            {
                if (AnthropicErrors.Explain(endpoint, error) is { } explained)
                {
                    throw explained;
                }

                throw;
            }
        }
    }
}
