using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Minion.Models.Pipeline;

/// <summary>The end of the pipeline: one attempt at the provider of the request's model.</summary>
internal static class ProviderCall
{
    public static IAsyncEnumerable<ChatResponseUpdate> RunAsync(ChatRequest request, ProviderServices services, CancellationToken cancellationToken)
    {
        var client = ModelProviders.Find(request.Definition.Provider)!.Create(request.Definition, services);
        return request.Streamed
            ? client.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken)
            : AskForAllAsync(client, request, cancellationToken);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> AskForAllAsync(
        IChatClient client, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var response = await client.GetResponseAsync(request.Messages, request.Options, cancellationToken);
        foreach (var update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }
}
