using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Minion.Testing.OpenAi;

/// <summary>The wire format of chat completions (https://platform.openai.com/docs/api-reference/chat).</summary>
internal static class Wire
{
    private const string Id = "chatcmpl-fake";

    public static async Task WriteWholeAsync(Exchange exchange, FakeAnswer answer)
    {
        exchange.Response.ContentType = "application/json";
        await exchange.Response.WriteAsync(Whole(exchange.Request!, answer));
    }

    /// <summary>An answer as a whole.</summary>
    public static string Whole(ReceivedRequest request, FakeAnswer answer)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text.Length > 0 ? answer.Text : null, ["refusal"] = answer.Refusal };
        if (answer.Reasoning.Length > 0)
        {
            message["reasoning_content"] = answer.Reasoning;
        }

        if (answer.ToolCalls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. answer.ToolCalls.Select(c => new JsonObject { ["id"] = c.Id, ["type"] = "function", ["function"] = Function(c.Name, c.Arguments) })]);
        }

        var body = Head("chat.completion", request.Model);
        body["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["logprobs"] = null, ["finish_reason"] = answer.FinishReason });
        body["usage"] = answer.CountsTokens ? Usage(answer) : null;
        return body.ToJsonString();
    }

    /// <summary>The events of a stream, without <c>[DONE]</c>.</summary>
    public static IEnumerable<string> Events(ReceivedRequest request, FakeAnswer answer)
    {
        string Chunk(JsonObject delta, string? finish = null)
        {
            var body = Head("chat.completion.chunk", request.Model);
            body["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish });
            return body.ToJsonString();
        }

        yield return Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" });
        foreach (var word in Words(answer.Reasoning))
        {
            yield return Chunk(new JsonObject { ["reasoning_content"] = word });
        }

        foreach (var word in Words(answer.Text))
        {
            yield return Chunk(new JsonObject { ["content"] = word });
        }

        foreach (var word in Words(answer.Refusal ?? ""))
        {
            yield return Chunk(new JsonObject { ["refusal"] = word });
        }

        foreach (var (index, call) in answer.ToolCalls.Index())
        {
            yield return Chunk(new JsonObject
            {
                ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, ["id"] = call.Id, ["type"] = "function", ["function"] = Function(call.Name, "") }),
            });
        }

        // Piece by piece, the calls taking turns: as nasty as the format allows.
        for (var piece = 0; piece < answer.Pieces; piece++)
        {
            foreach (var (index, call) in answer.ToolCalls.Index())
            {
                yield return Chunk(new JsonObject
                {
                    ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = Piece(call.Arguments, piece, answer.Pieces) } }),
                });
            }
        }

        yield return Chunk([], answer.FinishReason);
        if (answer.CountsTokens && request.WantsUsage)
        {
            var last = Head("chat.completion.chunk", request.Model);
            last["choices"] = new JsonArray();
            last["usage"] = Usage(answer);
            yield return last.ToJsonString();
        }
    }

    public static async Task WriteEventAsync(Exchange exchange, string data)
    {
        if (!exchange.Response.HasStarted)
        {
            exchange.Response.ContentType = "text/event-stream; charset=utf-8";
        }

        await exchange.Response.WriteAsync($"data: {data}\n\n", exchange.Context.RequestAborted);
        await exchange.Response.Body.FlushAsync(exchange.Context.RequestAborted);
    }

    public static string Error(string message, string type, string? code) =>
        JsonSerializer.Serialize(new { error = new { message, type, param = (string?)null, code } });

    private static JsonObject Head(string kind, string model) =>
        new() { ["id"] = Id, ["object"] = kind, ["created"] = 1769868300, ["model"] = model, ["system_fingerprint"] = "fp_fake" };

    private static JsonObject Function(string name, string arguments) => new() { ["name"] = name, ["arguments"] = arguments };

    private static JsonObject Usage(FakeAnswer answer) => new()
    {
        ["prompt_tokens"] = answer.InputTokens,
        ["completion_tokens"] = answer.OutputTokens,
        ["total_tokens"] = answer.InputTokens + answer.OutputTokens,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 3 },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 2 },
    };

    private static IEnumerable<string> Words(string text) => text.Length == 0 ? [] : text.Split(' ').Select((word, i) => i == 0 ? word : " " + word);

    private static string Piece(string text, int piece, int pieces) => text[(text.Length * piece / pieces)..(text.Length * (piece + 1) / pieces)];
}
