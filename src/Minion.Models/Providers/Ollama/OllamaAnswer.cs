using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Ollama;

/// <summary>
/// Reads an answer: lines of JSON of which the last says <c>done</c>. One that came as a whole is the same with one line. Ollama names no
/// answer and not every tool call, so ids are made here.
/// </summary>
internal static class OllamaAnswer
{
    public static async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(Endpoint endpoint, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = $"chat-{Guid.CreateVersion7():N}";
        var length = new AnswerLength(endpoint);
        var calls = 0;
        var lines = 0;
        await using var parts = JsonLines.ReadAsync(endpoint, body, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            lines++;
            var part = parts.Current;
            if (part.Member("error") is not null)
            {
                throw endpoint.Failed(ErrorBody.From(part));
            }

            var done = part.Member("done") is { ValueKind: JsonValueKind.True };
            if (part.Member("message") is not { } message)
            {
                throw endpoint.Invalid("has no message");
            }

            var contents = Contents(message);
            var update = new ChatResponseUpdate(ChatRole.Assistant, contents) { ResponseId = id, MessageId = id, ModelId = part.Text("model") };
            if (done)
            {
                update.FinishReason = Finish(part.Text("done_reason"));
                contents.AddRange(Usage(part));
            }

            yield return update;
            if (done)
            {
                yield break;
            }
        }

        throw lines == 0 ? endpoint.Invalid("is empty") : endpoint.CutOff(length.Characters);

        List<AIContent> Contents(JsonElement message)
        {
            var contents = new List<AIContent>();
            if (message.Text("thinking") is { Length: > 0 } thinking)
            {
                contents.Add(length.Add(new TextReasoningContent(thinking)));
            }

            if (message.Text("content") is { Length: > 0 } text)
            {
                contents.Add(length.Add(new TextContent(text)));
            }

            foreach (var call in message.Items("tool_calls"))
            {
                contents.Add(length.Add(Call(call, $"{id}-{calls++}", endpoint)));
            }

            return contents;
        }

        ChatFinishReason Finish(string? reason) =>
            reason == "length" ? ChatFinishReason.Length : calls > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await parts.MoveNextAsync();
            }
            catch (IOException) when (lines > 0)
            {
                throw endpoint.CutOff(length.Characters);
            }
        }
    }

    private static FunctionCallContent Call(JsonElement call, string id, Endpoint endpoint)
    {
        var function = call.Member("function") ?? call;
        var name = function.Text("name") is { Length: > 0 } given ? given : throw endpoint.Invalid("has a tool call without a name");
        var arguments = function.Member("arguments") is { } json ? json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText() : "";
        return ToolCallArguments.ToCall(call.Text("id") is { Length: > 0 } own ? own : id, name, arguments);
    }

    private static IEnumerable<UsageContent> Usage(JsonElement part)
    {
        if (part.Count("prompt_eval_count") is null && part.Count("eval_count") is null)
        {
            yield break;
        }

        var (input, output) = (part.Count("prompt_eval_count") ?? 0, part.Count("eval_count") ?? 0);
        yield return new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output });
    }
}
