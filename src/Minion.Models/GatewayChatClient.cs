using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models;

/// <summary>The pipeline as a chat client, for one model and one caller.</summary>
internal sealed class GatewayChatClient(ModelPipeline pipeline, ModelDefinition definition, ModelCall call) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Run(messages, options, streamed: false, cancellationToken).ToChatResponseAsync(cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Run(messages, options, streamed: true, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // It holds nothing: connections are the providers' own, and stay.
    }

    private IAsyncEnumerable<ChatResponseUpdate> Run(IEnumerable<ChatMessage> messages, ChatOptions? options, bool streamed, CancellationToken cancellationToken) =>
        pipeline.RunAsync(new ChatRequest([.. messages], options, streamed, definition, call, DateTimeOffset.MaxValue), cancellationToken);
}
