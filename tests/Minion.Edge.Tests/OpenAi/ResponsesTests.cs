using System.Text.Json;
using Minion.Testing.OpenAi;

namespace Minion.Edge.Tests.OpenAi;

public sealed class ResponsesTests
{
    private const string Path = "/v1/responses";

    private static readonly Dictionary<string, string> EventSchemas = new()
    {
        ["response.created"] = "ResponseCreatedEvent",
        ["response.in_progress"] = "ResponseInProgressEvent",
        ["response.output_item.added"] = "ResponseOutputItemAddedEvent",
        ["response.content_part.added"] = "ResponseContentPartAddedEvent",
        ["response.output_text.delta"] = "ResponseTextDeltaEvent",
        ["response.output_text.done"] = "ResponseTextDoneEvent",
        ["response.reasoning_text.delta"] = "ResponseReasoningTextDeltaEvent",
        ["response.reasoning_text.done"] = "ResponseReasoningTextDoneEvent",
        ["response.content_part.done"] = "ResponseContentPartDoneEvent",
        ["response.output_item.done"] = "ResponseOutputItemDoneEvent",
        ["response.function_call_arguments.delta"] = "ResponseFunctionCallArgumentsDeltaEvent",
        ["response.function_call_arguments.done"] = "ResponseFunctionCallArgumentsDoneEvent",
        ["response.completed"] = "ResponseCompletedEvent",
        ["response.failed"] = "ResponseFailedEvent",
        ["error"] = "ResponseErrorEvent",
    };

    [Fact]
    public async Task A_text_gets_a_response()
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, """{"model":"default","instructions":"Be brief.","input":"Hello","temperature":0.5,"metadata":{"k":"v"},"max_output_tokens":50}""");
        status.ShouldBe(200, body.ToString());
        body.ShouldBeA("Response");
        body.GetProperty("status").GetString().ShouldBe("completed");
        body.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Hello from the fake endpoint.");
        (body.GetProperty("instructions").GetString(), body.GetProperty("temperature").GetDouble(), body.GetProperty("store").GetBoolean()).ShouldBe(("Be brief.", 0.5, false));
        body.GetProperty("usage").GetProperty("input_tokens").GetInt32().ShouldBe(12);
        edge.Upstream.Requests[0].Messages.Select(m => m.GetProperty("role").GetString()).ShouldBe(["system", "user"]);
    }

    [Fact]
    public async Task Items_with_calls_and_their_outputs_are_a_conversation()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Then(Replies.ToolCalls(1, new FakeToolCall("call_9", "weather", """{"city":"Rome"}""")));
        var (status, body) = await edge.AskAsync(Path, """
            {"model":"default","tools":[{"type":"function","name":"weather","parameters":{"type":"object"},"strict":true}],"tool_choice":{"type":"function","name":"weather"},
             "text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"},"strict":true}},"store":false,
             "input":[{"role":"user","content":[{"type":"input_text","text":"Weather?"},{"type":"input_image","image_url":"https://example.com/a.png","detail":"auto"}]},
                      {"type":"reasoning","id":"rs_1","summary":[]},
                      {"type":"function_call","call_id":"a","name":"weather","arguments":"{}"},{"type":"function_call","call_id":"b","name":"weather","arguments":"{}"},
                      {"type":"function_call_output","call_id":"a","output":"rain"},{"type":"function_call_output","call_id":"b","output":[{"type":"input_text","text":"sun"}]}]}
            """);
        status.ShouldBe(200, body.ToString());
        body.ShouldBeA("Response");
        var call = body.GetProperty("output").EnumerateArray().ShouldHaveSingleItem();
        (call.GetProperty("type").GetString(), call.GetProperty("call_id").GetString(), call.GetProperty("arguments").GetString()).ShouldBe(("function_call", "call_9", """{"city":"Rome"}"""));
        var sent = edge.Upstream.Requests[0];
        sent.Messages.Select(m => m.GetProperty("role").GetString()).ShouldBe(["user", "assistant", "tool", "tool"]);
        sent.Messages[1].GetProperty("tool_calls").GetArrayLength().ShouldBe(2);
        sent.Messages[3].GetProperty("content").GetString().ShouldBe("sun");
        sent.Body.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString().ShouldBe("weather");
        sent.Body.GetProperty("response_format").GetProperty("json_schema").GetProperty("name").GetString().ShouldBe("s");
    }

    [Fact]
    public async Task A_stream_has_the_documented_events_in_their_order()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Then(Replies.Answer(new FakeAnswer
        {
            Reasoning = "Hm",
            Text = "Hello you",
            ToolCalls = [new FakeToolCall("call_1", "weather", """{"city":"Rome"}""")],
            FinishReason = "tool_calls",
        }));
        var events = await edge.StreamAsync(Path, """{"model":"default","input":"Hello","stream":true,"tools":[{"type":"function","name":"weather","parameters":{"type":"object"}}]}""");
        Check(events);
        events.Select(e => e.Name).ShouldBe(
        [
            "response.created", "response.in_progress",
            "response.output_item.added", "response.content_part.added", "response.reasoning_text.delta", "response.reasoning_text.done", "response.content_part.done", "response.output_item.done",
            "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done",
            "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done",
            "response.completed",
        ]);
        var response = JsonElement.Parse(events[^1].Data).GetProperty("response");
        response.ShouldBeA("Response");
        response.GetProperty("output").EnumerateArray().Select(i => i.GetProperty("type").GetString()).ShouldBe(["reasoning", "message", "function_call"]);
        response.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(19);
    }

    [Fact]
    public async Task An_answer_that_was_cut_short_is_incomplete()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Otherwise = Replies.Answer(new FakeAnswer { Text = "Hello", FinishReason = "length" });
        var (_, body) = await edge.AskAsync(Path, """{"model":"default","input":"Hello","max_output_tokens":1}""");
        body.ShouldBeA("Response");
        (body.GetProperty("status").GetString(), body.GetProperty("incomplete_details").GetProperty("reason").GetString()).ShouldBe(("incomplete", "max_output_tokens"));
    }

    [Fact]
    public async Task A_stream_that_breaks_off_says_so_with_an_error_event()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Otherwise = Replies.CutOffAfter(3, new FakeAnswer { Text = "one two three four" });
        var events = await edge.StreamAsync(Path, """{"model":"default","input":"Hello","stream":true}""");
        Check(events);
        events.TakeLast(2).Select(e => e.Name).ShouldBe(["error", "response.failed"]);
    }

    [Theory]
    [InlineData("""{"model":"default","input":"x","previous_response_id":"resp_1"}""", "previous_response_id")]
    [InlineData("""{"model":"default","input":"x","conversation":"conv_1"}""", "conversation")]
    [InlineData("""{"model":"default","input":"x","store":true}""", "store")]
    [InlineData("""{"model":"default","input":"x","background":true}""", "background")]
    [InlineData("""{"model":"default","input":"x","prompt":{"id":"p"}}""", "prompt")]
    [InlineData("""{"model":"default","input":[{"type":"item_reference","id":"x"}]}""", "input[0].type")]
    [InlineData("""{"model":"default","input":"x","tools":[{"type":"file_search","vector_store_ids":[]}]}""", "tools[0].type")]
    [InlineData("""{"model":"default"}""", "input")]
    public async Task What_would_have_to_be_kept_is_refused(string request, string param)
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, request);
        status.ShouldBe(400);
        body.GetProperty("error").GetProperty("param").GetString().ShouldBe(param);
    }

    private static void Check(List<(string Name, string Data)> events)
    {
        foreach (var ((name, data), index) in events.Select((e, i) => (e, i)))
        {
            var json = JsonElement.Parse(data);
            json.GetProperty("type").GetString().ShouldBe(name);
            json.GetProperty("sequence_number").GetInt32().ShouldBe(index);
            json.ShouldBeA(EventSchemas[name]);
        }
    }
}
