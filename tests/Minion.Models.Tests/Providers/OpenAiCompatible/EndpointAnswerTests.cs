using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Providers.OpenAiCompatible;

public sealed class EndpointAnswerTests : EndpointFixture
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reasoning_text_usage_and_the_end_are_read(bool streamed)
    {
        Endpoint.Then(Replies.Answer(new FakeAnswer { Reasoning = "Let me see.", Text = "It is 4.", FinishReason = "length", InputTokens = 30, OutputTokens = 11 }));

        var answer = await AskAsync(streamed);

        answer.Text.ShouldBe("It is 4.");
        string.Concat(answer.Messages[0].Contents.OfType<TextReasoningContent>().Select(r => r.Text)).ShouldBe("Let me see.");
        answer.FinishReason.ShouldBe(ChatFinishReason.Length);
        answer.ModelId.ShouldBe("m1");
        answer.Usage!.InputTokenCount.ShouldBe(30);
        answer.Usage.OutputTokenCount.ShouldBe(11);
        answer.Usage.CachedInputTokenCount.ShouldBe(3);
        answer.Usage.ReasoningTokenCount.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_endpoint_that_counts_no_tokens_gets_an_estimate(bool streamed)
    {
        Endpoint.Then(Replies.Answer(new FakeAnswer { Text = "12345678", CountsTokens = false }));

        var answer = await AskAsync(streamed);

        answer.Usage!.OutputTokenCount.ShouldBe(2);
        answer.Usage.InputTokenCount!.Value.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(true, """{"text": "half""")]
    [InlineData(false, """{"text": "half""")]
    [InlineData(true, "[1]")]
    [InlineData(true, "not json")]
    public async Task Arguments_that_are_no_object_come_with_their_text_and_what_is_wrong(bool streamed, string arguments)
    {
        Endpoint.Then(Replies.ToolCalls(3, new FakeToolCall("call_1", "notes_add", arguments)));

        var call = Calls(await AskAsync(streamed)).ShouldHaveSingleItem();

        call.Exception.ShouldNotBeNull().Message.ShouldContain("'notes_add' are not a JSON object");
        call.AdditionalProperties!["minion.arguments"].ShouldBe(arguments);
        call.Arguments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Arguments_that_are_left_out_are_an_empty_object()
    {
        Endpoint.Then(Replies.ToolCalls(1, new FakeToolCall("call_1", "notes_list", "")));

        var call = Calls(await AskAsync(streamed: true)).ShouldHaveSingleItem();

        call.Exception.ShouldBeNull();
        call.Arguments.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a new id at the same index is a new call", """[{"index":0,"id":"a","function":{"name":"x","arguments":"{}"}}]""", """[{"index":0,"id":"b","function":{"name":"y","arguments":"{}"}}]""")]
    [InlineData("no index at all", """[{"id":"a","function":{"name":"x","arguments":"{"}},{"id":"b","function":{"name":"y","arguments":"{"}}]""", """[{"id":"a","function":{"arguments":"}"}},{"id":"b","function":{"arguments":"}"}}]""")]
    [InlineData("the id repeated in each piece", """[{"index":0,"id":"a","function":{"name":"x","arguments":"{"}},{"index":1,"id":"b","function":{"name":"y"}}]""", """[{"index":0,"id":"a","function":{"arguments":"}"}},{"index":1,"id":"b","function":{"arguments":"{}"}}]""")]
    [InlineData("arguments as an object", """[{"index":0,"id":"a","function":{"name":"x","arguments":{}}}]""", """[{"index":1,"id":"b","function":{"name":"y","arguments":{}}}]""")]
    public async Task Pieces_of_tool_calls_find_together_in_the_ways_of_many_endpoints(string situation, params string[] pieces)
    {
        Endpoint.Then(Stream([.. pieces.Select(p => """{"choices":[{"delta":{"tool_calls":PIECE}}]}""".Replace("PIECE", p)), """{"choices":[{"delta":{},"finish_reason":"stop"}]}"""]));

        var answer = await AskAsync(streamed: true);

        Calls(answer).Select(c => $"{c.CallId} {c.Name} {ToolCallArguments.RawOf(c)}").ShouldBe(["a x {}", "b y {}"], situation);
        answer.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
    }

    [Fact]
    public async Task Tool_calls_without_ids_get_some()
    {
        Endpoint.Then(Replies.Raw(
            200, "application/json", """{"id":"r1","choices":[{"message":{"tool_calls":[{"function":{"name":"x","arguments":"{}"}},{"function":{"name":"y","arguments":"{}"}}]}}]}"""));

        Calls(await AskAsync(streamed: false)).Select(c => $"{c.CallId} {c.Name}").ShouldBe(["call_r1_0 x", "call_r1_1 y"]);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_stream_is_understood_all_the_same()
    {
        Endpoint.Then(Replies.Raw(200, "application/json", """{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"""));

        (await AskAsync(streamed: true)).Text.ShouldBe("whole");
    }

    [Fact]
    public async Task Content_in_parts_is_put_together()
    {
        Endpoint.Then(Stream("""{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"yes"}]},"finish_reason":"stop"}]}"""));

        (await AskAsync(streamed: true)).Text.ShouldBe("yes");
    }

    [Fact]
    public async Task The_request_says_what_the_caller_asked_for()
    {
        var schema = JsonSerializer.SerializeToElement(new { type = "object" });
        var call = ToolCallArguments.ToCall("call_1", "notes_add", """{"text": 1}""");
        var broken = ToolCallArguments.ToCall("call_2", "notes_add", "{oops");
        List<ChatMessage> messages =
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, "note it"),
            new(ChatRole.Assistant, [new TextReasoningContent("secret thoughts"), call, broken]),
            new(ChatRole.Tool, [new FunctionResultContent("call_1", """{"id":1}"""), new FunctionResultContent("call_2", null) { Exception = new InvalidOperationException("no") }]),
        ];
        var options = new ChatOptions
        {
            Temperature = 0.5f,
            TopP = 0.25f,
            MaxOutputTokens = 100,
            Seed = 7,
            StopSequences = ["END"],
            AllowMultipleToolCalls = false,
            Tools = [AIFunctionFactory.CreateDeclaration("notes_add", "Adds a note.", schema)],
            ToolMode = ChatToolMode.RequireSpecific("notes_add"),
            ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "note"),
        };

        await Client().GetStreamingResponseAsync(messages, options).ToChatResponseAsync();

        var body = Endpoint.Requests.ShouldHaveSingleItem().Body;
        JsonElement.DeepEquals(body, JsonDocument.Parse("""
            {
              "model": "m1",
              "messages": [
                {"role":"system","content":"Be brief."},
                {"role":"user","content":"note it"},
                {"role":"assistant","content":null,"tool_calls":[
                  {"id":"call_1","type":"function","function":{"name":"notes_add","arguments":"{\"text\": 1}"}},
                  {"id":"call_2","type":"function","function":{"name":"notes_add","arguments":"{\"invalid_arguments\":\"{oops\"}"}}]},
                {"role":"tool","tool_call_id":"call_1","content":"{\"id\":1}"},
                {"role":"tool","tool_call_id":"call_2","content":"Error: no"}
              ],
              "stream": true, "stream_options": {"include_usage": true},
              "temperature": 0.5, "top_p": 0.25, "seed": 7, "max_tokens": 100, "stop": ["END"],
              "response_format": {"type":"json_schema","json_schema":{"name":"note","schema":{"type":"object"}}},
              "tools": [{"type":"function","function":{"name":"notes_add","description":"Adds a note.","parameters":{"type":"object"}}}],
              "parallel_tool_calls": false,
              "tool_choice": {"type":"function","function":{"name":"notes_add"}}
            }
            """).RootElement).ShouldBeTrue(body.ToString());
    }

    [Fact]
    public async Task A_prompt_of_two_megabytes_is_sent()
    {
        await Client().GetResponseAsync(new string('x', 2 * 1024 * 1024));

        Endpoint.Requests[0].Messages[0].GetProperty("content").GetString()!.Length.ShouldBe(2 * 1024 * 1024);
    }

    [Fact]
    public async Task A_cancelled_call_is_heard_of_at_the_endpoint()
    {
        Endpoint.Then(Replies.HangAfter(2, "one two"));
        using var cancel = new CancellationTokenSource();
        await using var updates = Client().GetStreamingResponseAsync("hi", cancellationToken: cancel.Token).GetAsyncEnumerator(cancel.Token);
        await updates.MoveNextAsync();

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await updates.MoveNextAsync());
        await Endpoint.Requests[0].Aborted.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task A_reader_who_leaves_ends_the_call_at_the_endpoint()
    {
        Endpoint.Then(Replies.HangAfter(2, "one two"));

        await foreach (var update in Client().GetStreamingResponseAsync("hi"))
        {
            update.Text.ShouldBe("one");
            break;
        }

        await Endpoint.Requests[0].Aborted.WaitAsync(Eventually.Patience);
    }

    private static List<FunctionCallContent> Calls(ChatResponse answer) => [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];

    private static Reply Stream(params IEnumerable<string> events) =>
        Replies.Raw(200, "text/event-stream", string.Concat(events.Append("[DONE]").Select(e => $"data: {e}\n\n")));
}
