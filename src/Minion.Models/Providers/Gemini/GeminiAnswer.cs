using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>
/// Reads an answer (<c>GenerateContentResponse</c>), whole or chunk by chunk. It is complete only when a candidate said why it ended
/// (<c>finishReason</c>).
/// </summary>
internal static class GeminiAnswer
{
    public static async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(
        Endpoint endpoint, IAsyncEnumerable<JsonElement> chunks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GeminiParts? parts = null;
        await using var answer = chunks.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            var chunk = answer.Current;
            if (chunk.Member("error") is not null)
            {
                throw endpoint.Failed(ErrorBody.From(chunk));
            }

            parts ??= new GeminiParts(endpoint, chunk);
            var contents = parts.Read(chunk);
            if (parts.Finished is null)
            {
                // Also when it is empty: it is a sign of life.
                yield return parts.Update(contents);
            }
            else if (contents.Count > 0)
            {
                yield return parts.Update(contents);
            }
        }

        yield return parts switch
        {
            null => throw endpoint.Invalid("is an empty stream"),
            { Finished: null, HasCandidates: false } => throw endpoint.Invalid("has no candidates"),
            { Finished: null } => throw endpoint.CutOff(parts.Characters),
            _ => parts.End(),
        };

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await answer.MoveNextAsync();
            }
            catch (IOException) when (parts?.Finished is not null)
            {
                return false; // only the token counts are lost
            }
            catch (IOException) when (parts is not null)
            {
                throw endpoint.CutOff(parts.Characters);
            }
        }
    }
}
