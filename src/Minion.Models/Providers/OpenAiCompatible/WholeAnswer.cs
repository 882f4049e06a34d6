using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Reads an answer that came as one JSON object.</summary>
internal static class WholeAnswer
{
    public static async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(Endpoint endpoint, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var document = await ParseAsync(endpoint, body, cancellationToken);
        var json = document.RootElement;
        if (json.Member("error") is not null)
        {
            throw endpoint.Failed(ErrorBody.From(json));
        }

        var choices = json.Items("choices").ToList();
        if (choices.Count == 0 || choices[0].Member("message") is not { } message)
        {
            throw endpoint.Invalid("has no choices");
        }

        var parts = new AnswerParts(endpoint, json, whole: true);
        var contents = parts.Contents(message).ToList();
        parts.ThrowIfRefused();
        contents.AddRange(parts.Calls());
        contents.AddRange(parts.Usage(json));
        yield return parts.Update(contents, parts.Finish(choices[0].Text("finish_reason") ?? "stop"));
    }

    private static async Task<JsonDocument> ParseAsync(Endpoint endpoint, Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        }
        catch (JsonException error)
        {
            throw endpoint.Invalid($"is not JSON ({Texts.Shorten(error.Message, 120)})");
        }
    }
}
