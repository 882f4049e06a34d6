using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Reads an answer that came as one JSON object.</summary>
internal static class WholeAnswer
{
    public static async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(Endpoint endpoint, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var document = await WholeBody.ParseAsync(endpoint, body, cancellationToken);
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
        yield return parts.Update(contents, parts.Finish(choices[0].Text("finish_reason") ?? "stop"), choices[0]);
    }
}
