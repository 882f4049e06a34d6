using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>
/// Reads an answer that comes as server-sent events. It is complete only when the endpoint said why it ended (<c>finish_reason</c>):
/// a stream that just stops is a failure, never an answer.
/// </summary>
internal static class StreamedAnswer
{
    public static async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(Endpoint endpoint, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AnswerParts? parts = null;
        UsageContent? usage = null;
        var finished = false;
        await using var events = EventStream.ReadAsync(endpoint, body, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            var chunk = events.Current;
            if (chunk.Member("error") is not null)
            {
                throw endpoint.Failed(ErrorBody.From(chunk));
            }

            parts ??= new AnswerParts(endpoint, chunk, whole: false);
            usage = parts.Usage(chunk).FirstOrDefault() ?? usage;
            if (chunk.Items("choices").FirstOrDefault() is not { ValueKind: JsonValueKind.Object } choice || finished)
            {
                continue;
            }

            var contents = choice.Member("delta") is { } delta ? parts.Contents(delta).ToList() : [];
            if (choice.Text("finish_reason") is { Length: > 0 } reason)
            {
                finished = true;
                parts.ThrowIfRefused();
                contents.AddRange(parts.Calls());
                yield return parts.Update(contents, parts.Finish(reason), choice);
            }
            else
            {
                // Also when it is empty: it is a sign of life.
                yield return parts.Update(contents, choice: choice);
            }
        }

        if (!finished)
        {
            throw parts is null ? endpoint.Invalid("is an empty stream") : endpoint.CutOff(parts.Characters);
        }

        if (usage is not null)
        {
            yield return parts!.Update([usage]);
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (IOException) when (finished)
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
