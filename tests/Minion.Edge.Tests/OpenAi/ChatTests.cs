using System.Text.Json;
using Minion.Testing.OpenAi;

namespace Minion.Edge.Tests.OpenAi;

public sealed class ChatTests
{
    private const string Path = "/v1/chat/completions";
    private const string Hello = """{"model":"default","messages":[{"role":"user","content":"Hello"}]}""";
    private const string WithTools = """
        {"model":"default","messages":[{"role":"user","content":"What is the weather?"}],"tool_choice":"required","parallel_tool_calls":true,
         "tools":[{"type":"function","function":{"name":"weather","description":"The weather","strict":true,"parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},
                  {"type":"function","function":{"name":"time"}}]}
        """;

    private static readonly Reply TwoCalls = Replies.ToolCalls(3, new FakeToolCall("call_1", "weather", """{"city":"Paris"}"""), new FakeToolCall("call_2", "time", "{}"));

    [Fact]
    public async Task An_answer_is_a_completion()
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, Hello);
        status.ShouldBe(200, body.ToString());
        body.ShouldBeA("CreateChatCompletionResponse");
        body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("Hello from the fake endpoint.");
        body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(12);
        body.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(3);
        edge.Upstream.Requests.ShouldHaveSingleItem().Streamed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_stream_is_chunks_with_one_id_and_ends_with_the_usage()
    {
        await using var edge = await EdgeHost.StartAsync();
        var events = await edge.StreamAsync(Path, """{"model":"default","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hello"}]}""");
        events[^1].Data.ShouldBe("[DONE]");
        var chunks = events.SkipLast(1).Select(e => JsonElement.Parse(e.Data)).ToList();
        chunks.ForEach(c => c.ShouldBeA("CreateChatCompletionStreamResponse"));
        chunks.Select(c => c.GetProperty("id").GetString()).Distinct().ShouldHaveSingleItem();
        Text(chunks).ShouldBe("Hello from the fake endpoint.");
        chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
        chunks[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
        chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(19);
        chunks[0].GetProperty("usage").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Tools_and_calls_go_through()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Then(TwoCalls);
        var (_, body) = await edge.AskAsync(Path, WithTools);
        body.ShouldBeA("CreateChatCompletionResponse");
        var choice = body.GetProperty("choices")[0];
        choice.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        choice.GetProperty("message").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray().Select(c => c.GetProperty("function").ToString())
            .ShouldBe(["""{"name":"weather","arguments":"{\"city\":\"Paris\"}"}""", """{"name":"time","arguments":"{}"}"""]);
        var sent = edge.Upstream.Requests[0].Body;
        sent.GetProperty("tool_choice").GetString().ShouldBe("required");
        sent.GetProperty("parallel_tool_calls").GetBoolean().ShouldBeTrue();
        sent.GetProperty("tools")[0].GetProperty("function").GetProperty("strict").GetBoolean().ShouldBeTrue();
        sent.GetProperty("tools")[1].GetProperty("function").GetProperty("name").GetString().ShouldBe("time");
    }

    [Fact]
    public async Task Streamed_calls_have_an_index_each()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Then(TwoCalls);
        var chunks = await ChunksAsync(edge, WithTools.Replace("\"model\"", "\"stream\":true,\"model\"", StringComparison.Ordinal));
        chunks.ForEach(c => c.ShouldBeA("CreateChatCompletionStreamResponse"));
        var calls = chunks.SelectMany(c => c.GetProperty("choices").EnumerateArray()).Select(c => c.GetProperty("delta"))
            .Where(d => d.TryGetProperty("tool_calls", out _)).SelectMany(d => d.GetProperty("tool_calls").EnumerateArray()).ToList();
        calls.Select(c => c.GetProperty("index").GetInt32()).ShouldBe([0, 1]);
        calls.Select(c => c.GetProperty("id").GetString()).ShouldBe(["call_1", "call_2"]);
        calls[0].GetProperty("function").GetProperty("arguments").GetString().ShouldBe("""{"city":"Paris"}""");
        chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
    }

    [Fact]
    public async Task A_named_function_and_allowed_tools_narrow_the_choice()
    {
        await using var edge = await EdgeHost.StartAsync();
        await edge.AskAsync(Path, WithTools.Replace("\"required\"", """{"type":"function","function":{"name":"time"}}""", StringComparison.Ordinal));
        await edge.AskAsync(Path, WithTools.Replace("\"required\"", """{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"time"}}]}}""", StringComparison.Ordinal));
        edge.Upstream.Requests[0].Body.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString().ShouldBe("time");
        edge.Upstream.Requests[1].Body.GetProperty("tools").EnumerateArray().ShouldHaveSingleItem().GetProperty("function").GetProperty("name").GetString().ShouldBe("time");
    }

    [Fact]
    public async Task A_conversation_with_all_roles_goes_through()
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, """
            {"model":"default","messages":[
              {"role":"developer","content":"Be brief."},{"role":"system","content":[{"type":"text","text":"Be kind."}]},
              {"role":"user","name":"ada","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aGVsbG8=","detail":"low"}}]},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"x\":1}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"a cat"}]}
            """);
        status.ShouldBe(200, body.ToString());
        var sent = edge.Upstream.Requests[0].Messages;
        sent.Select(m => m.GetProperty("role").GetString()).ShouldBe(["system", "system", "user", "assistant", "tool"]);
        sent[2].GetProperty("content")[1].GetProperty("image_url").GetProperty("url").GetString().ShouldBe("data:image/png;base64,aGVsbG8=");
        sent[3].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString().ShouldBe("""{"x":1}""");
        sent[4].GetProperty("content").GetString().ShouldBe("a cat");
    }

    [Fact]
    public async Task All_options_reach_the_provider()
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, """
            {"model":"default","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,"top_p":0.25,"seed":7,"max_completion_tokens":99,"max_tokens":5,
             "frequency_penalty":-1,"presence_penalty":1,"stop":["a","b"],"logprobs":true,"top_logprobs":2,"user":"u1","metadata":{"k":"v"},"logit_bias":{"5":1},
             "reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":{"type":"object"}}},"unknown":{"is":"ignored"}}
            """);
        status.ShouldBe(200, body.ToString());
        var sent = edge.Upstream.Requests[0].Body;
        (sent.GetProperty("temperature").GetDouble(), sent.GetProperty("top_p").GetDouble(), sent.GetProperty("seed").GetInt32()).ShouldBe((0.5, 0.25, 7));
        sent.GetProperty("max_tokens").GetInt32().ShouldBe(99);
        sent.GetProperty("stop").GetArrayLength().ShouldBe(2);
        (sent.GetProperty("logprobs").GetBoolean(), sent.GetProperty("top_logprobs").GetInt32()).ShouldBe((true, 2));
        (sent.GetProperty("user").GetString(), sent.GetProperty("reasoning_effort").GetString()).ShouldBe(("u1", "low"));
        sent.GetProperty("logit_bias").GetProperty("5").GetInt32().ShouldBe(1);
        var format = sent.GetProperty("response_format").GetProperty("json_schema");
        (format.GetProperty("name").GetString(), format.GetProperty("strict").GetBoolean()).ShouldBe(("s", true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_probabilities_come_back(bool streamed)
    {
        await using var edge = await EdgeHost.StartAsync();
        const string logprobs = """{"content":[{"token":"Hi","logprob":-0.1,"bytes":[72,105],"top_logprobs":[]}],"refusal":null}""";
        edge.Upstream.Then(streamed
            ? Replies.Raw(200, "text/event-stream", $$"""data: {"id":"x","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":{{logprobs}},"finish_reason":null}]}""" + "\n\n"
                + """data: {"id":"x","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n")
            : Replies.Raw(200, "application/json", $$"""{"id":"x","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"logprobs":{{logprobs}},"finish_reason":"stop"}]}"""));
        var request = Hello.Replace("\"model\"", $"\"logprobs\":true,\"stream\":{(streamed ? "true" : "false")},\"model\"", StringComparison.Ordinal);
        var choices = streamed
            ? (await ChunksAsync(edge, request)).SelectMany(c => c.GetProperty("choices").EnumerateArray())
            : (await edge.AskAsync(Path, request)).Body.GetProperty("choices").EnumerateArray();
        choices.Select(c => c.GetProperty("logprobs")).Single(l => l.ValueKind == JsonValueKind.Object).GetProperty("content")[0].GetProperty("token").GetString().ShouldBe("Hi");
    }

    [Fact]
    public async Task Several_choices_are_as_many_calls()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Then(Replies.Text("one"), Replies.Text("two"), Replies.Text("three"));
        var (_, body) = await edge.AskAsync(Path, Hello.Replace("\"model\"", "\"n\":3,\"seed\":1,\"model\"", StringComparison.Ordinal));
        body.ShouldBeA("CreateChatCompletionResponse");
        body.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2]);
        body.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("message").GetProperty("content").GetString()).ShouldBe(["one", "two", "three"], ignoreOrder: true);
        body.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(21);
        edge.Upstream.Requests.Select(r => r.Body.GetProperty("seed").GetInt32()).ShouldBe([1, 2, 3], ignoreOrder: true);
    }

    [Fact]
    public async Task Several_choices_are_streamed_by_index()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Then(Replies.Text("one un"), Replies.Text("two deux"));
        var chunks = await ChunksAsync(edge, Hello.Replace("\"model\"", "\"n\":2,\"stream\":true,\"model\"", StringComparison.Ordinal));
        var texts = chunks.SelectMany(c => c.GetProperty("choices").EnumerateArray()).GroupBy(c => c.GetProperty("index").GetInt32())
            .Select(g => string.Concat(g.Select(c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")));
        texts.ShouldBe(["one un", "two deux"], ignoreOrder: true);
        chunks.SelectMany(c => c.GetProperty("choices").EnumerateArray()).Count(c => c.GetProperty("finish_reason").ValueKind == JsonValueKind.String).ShouldBe(2);
    }

    [Fact]
    public async Task When_one_of_several_choices_fails_the_others_are_given_up()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Then(Replies.HangBeforeFirstByte(), Replies.RateLimited(7));
        using var response = await edge.PostAsync(Path, Hello.Replace("\"model\"", "\"n\":2,\"model\"", StringComparison.Ordinal));
        ((int)response.StatusCode).ShouldBe(429);
        await Task.WhenAny(edge.Upstream.Requests.Select(r => r.Aborted)).WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Reasoning_comes_beside_the_answer()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Then(Replies.Answer(new FakeAnswer { Reasoning = "Hm, well", Text = "Yes" }), Replies.Answer(new FakeAnswer { Reasoning = "Hm, well", Text = "Yes" }));
        var (_, body) = await edge.AskAsync(Path, Hello);
        body.GetProperty("choices")[0].GetProperty("message").GetProperty("reasoning_content").GetString().ShouldBe("Hm, well");
        var chunks = await ChunksAsync(edge, Hello.Replace("\"model\"", "\"stream\":true,\"model\"", StringComparison.Ordinal));
        string.Concat(chunks.Select(c => c.GetProperty("choices")[0].GetProperty("delta")).Select(d => d.TryGetProperty("reasoning_content", out var r) ? r.GetString() : "")).ShouldBe("Hm, well");
        Text(chunks).ShouldBe("Yes");
    }

    private static async Task<List<JsonElement>> ChunksAsync(EdgeHost edge, string request) =>
        [.. (await edge.StreamAsync(Path, request)).Where(e => e.Data != "[DONE]").Select(e => JsonElement.Parse(e.Data))];

    private static string Text(IEnumerable<JsonElement> chunks) => string.Concat(chunks
        .SelectMany(c => c.GetProperty("choices").EnumerateArray())
        .Select(c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""));
}
