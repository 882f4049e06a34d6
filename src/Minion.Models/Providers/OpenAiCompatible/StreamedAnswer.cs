using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>
/// Reads an answer that comes as server-sent events. It is complete only when the endpoint said why it ended (<c>finish_reason</c>):
/// a stream that just stops is a failure, never an answer.
/// </summary>
internal static class StreamedAnswer
{
    private const string End = "[DONE]";

    public static async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(Endpoint endpoint, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AnswerParts? parts = null;
        UsageContent? usage = null;
        var finished = false;
        await using var events = SseParser.Create(body).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            using var document = Parse(endpoint, events.Current.Data);
            var chunk = document.RootElement;
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
                yield return parts.Update(contents, parts.Finish(reason));
            }
            else
            {
                // Also when it is empty: it is a sign of life.
                yield return parts.Update(contents);
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
                return await events.MoveNextAsync() && events.Current.Data != End;
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

    private static JsonDocument Parse(Endpoint endpoint, string data)
    {
        try
        {
            return JsonDocument.Parse(data);
        }
        catch (JsonException)
        {
            throw endpoint.Invalid($"has an event that is not JSON: '{Texts.Shorten(data)}'");
        }
    }
}
