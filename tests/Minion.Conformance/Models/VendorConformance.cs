using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Minion.Models;
using Minion.Testing;
using Minion.Testing.OpenAi;
using Minion.Testing.Time;
using Minion.Testing.Vendors;

namespace Minion.Conformance.Models;

/// <summary>What every provider across a network keeps, against an upstream that speaks its wire format and misbehaves.</summary>
public abstract class VendorConformance(VendorWire wire, string provider) : ChatProviderConformance, IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    private readonly ServiceProvider _once = ModelHost.Start(new Dictionary<string, string?> { ["Models:MaxRetries"] = "0" });

    /// <summary>The upstream.</summary>
    protected FakeVendor Vendor { get; private set; } = null!;

    /// <summary>Whether broken arguments of a tool call can come over this wire at all: some carry them as JSON, not as text.</summary>
    protected virtual bool CarriesBrokenArguments(bool streamed) => true;

    public async ValueTask InitializeAsync() => Vendor = await FakeVendor.StartAsync(wire);

    public async ValueTask DisposeAsync()
    {
        await Vendor.DisposeAsync();
        Dispose();
        GC.SuppressFinalize(this);
    }

    public override void Dispose()
    {
        _once.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(VendorError.RateLimited, ModelErrorKind.RateLimited)]
    [InlineData(VendorError.ServerError, ModelErrorKind.Unavailable)]
    [InlineData(VendorError.Overloaded, ModelErrorKind.Unavailable)]
    [InlineData(VendorError.ContextOverflow, ModelErrorKind.ContextOverflow)]
    [InlineData(VendorError.BadKey, ModelErrorKind.BadKey)]
    [InlineData(VendorError.UnknownModel, ModelErrorKind.UnknownModel)]
    public async Task Each_documented_error_becomes_its_kind(VendorError error, ModelErrorKind kind)
    {
        foreach (var streamed in new[] { true, false })
        {
            Vendor.Then(VendorTurns.Fail(error));

            var failure = await FailAsync(streamed);

            failure.Kind.ShouldBe(kind, failure.Message);
            failure.Hint.ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_wait_that_the_endpoint_asks_for_is_known(bool streamed)
    {
        Vendor.Then(VendorTurns.Fail(VendorError.RateLimited, retryAfterSeconds: 7));

        (await FailAsync(streamed)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_is_its_own_kind(bool streamed)
    {
        Vendor.Then(VendorTurns.Refuse);

        (await FailAsync(streamed)).Kind.ShouldBe(ModelErrorKind.Refused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invalid_json_is_no_answer(bool streamed)
    {
        Vendor.Then(VendorTurns.InvalidJson);

        (await FailAsync(streamed)).Kind.ShouldBe(ModelErrorKind.InvalidAnswer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_without_choices_is_no_answer(bool streamed)
    {
        Vendor.Then(VendorTurns.EmptyChoices);

        (await FailAsync(streamed)).Retryable.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unknown_fields_change_nothing(bool streamed)
    {
        Vendor.Then(VendorTurns.UnknownFields(new FakeAnswer { Text = "as ever" }));

        (await AskAsync(streamed)).Text.ShouldBe("as ever");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silence_before_the_first_byte_ends_in_time_and_upstream(bool streamed)
    {
        Vendor.Then(VendorTurns.HangBeforeFirstByte);

        await FallsSilentAsync(streamed, Model() with { IdleTimeout = Short, Timeout = streamed ? null : Short });
    }

    [Fact]
    public async Task Silence_in_mid_stream_ends_in_time_and_upstream()
    {
        Vendor.Then(VendorTurns.HangAfter(3, "one two three four five six"));

        await FallsSilentAsync(streamed: true, Model() with { IdleTimeout = Short });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_stops_without_an_end_is_a_failure(bool abruptly)
    {
        Vendor.Then(abruptly ? VendorTurns.CutOffAfter(4, "one two three four five six") : VendorTurns.EndAfter(4, "one two three four five six"));

        var failure = await FailAsync(streamed: true);

        failure.Kind.ShouldBe(ModelErrorKind.Unavailable);
        failure.Message.ShouldContain("characters came");
    }

    [Fact]
    public async Task An_error_in_mid_stream_is_a_failure()
    {
        Vendor.Then(VendorTurns.FailAfter(4, "one two three four five six"));

        (await FailAsync(streamed: true)).Kind.ShouldBe(ModelErrorKind.Unavailable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Broken_arguments_of_a_tool_call_arrive_as_the_model_wrote_them(bool streamed)
    {
        if (!CarriesBrokenArguments(streamed))
        {
            return;
        }

        Vendor.Then(VendorTurns.ToolCalls(2, new FakeToolCall("call_a", "calculator", "{\"expression\": oops")));

        var answer = await AskAsync(streamed, new ChatOptions { Tools = [.. Tools] });

        var call = answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ShouldHaveSingleItem();
        call.Exception.ShouldNotBeNull();
        ToolCallArguments.RawOf(call).ShouldBe("{\"expression\": oops");
        answer.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reasoning_is_kept_apart_from_the_text(bool streamed)
    {
        Vendor.Then(VendorTurns.Answer(new FakeAnswer { Reasoning = "let me think", Text = "so be it" }));

        var answer = await AskAsync(streamed);

        answer.Text.ShouldBe("so be it");
        string.Concat(answer.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(r => r.Text)).ShouldBe("let me think");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_limit_of_tokens_is_a_reason_to_stop(bool streamed)
    {
        Vendor.Then(VendorTurns.Answer(new FakeAnswer { Text = "cut sho", FinishReason = "length" }));

        (await AskAsync(streamed)).FinishReason.ShouldBe(ChatFinishReason.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tokens_are_as_the_endpoint_counted_them(bool streamed)
    {
        Vendor.Then(VendorTurns.Answer(new FakeAnswer { Text = "one", InputTokens = 120, OutputTokens = 17 }));

        var usage = (await AskAsync(streamed)).Usage!;

        (usage.InputTokenCount, usage.OutputTokenCount).ShouldBe((120, 17));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failed_attempt_is_made_again(bool streamed)
    {
        Vendor.Then(VendorTurns.Fail(VendorError.Overloaded, retryAfterSeconds: 0), VendorTurns.Text("at last"));

        (await AskAsync(streamed, gateway: Gateway)).Text.ShouldBe("at last");
    }

    [Fact]
    public async Task Who_stops_reading_stops_the_upstream()
    {
        Vendor.Then(VendorTurns.HangAfter(4, "one two three four five six"));

        await foreach (var update in Client(Model()).GetStreamingResponseAsync("hi"))
        {
            if (update.Text.Length > 0)
            {
                break;
            }
        }

        await Vendor.Requests[^1].Aborted.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task A_client_that_stops_reading_holds_the_upstream_back()
    {
        var flood = new VendorFlood();
        Vendor.Then(flood.Pour);
        await using var answer = Client(Model()).GetStreamingResponseAsync("hi").GetAsyncEnumerator();
        (await answer.MoveNextAsync()).ShouldBeTrue();

        await flood.Blocked.WaitAsync(Eventually.Patience);

        flood.Sent.ShouldBeLessThan(VendorFlood.All / 2);
    }

    [Fact]
    public async Task An_image_and_a_schema_are_sent()
    {
        var message = new ChatMessage(ChatRole.User, [new TextContent("what is it?"), new DataContent(new byte[] { 1, 2, 3 }, "image/png")]);
        var schema = JsonSerializer.SerializeToElement(new { type = "object", properties = new { kind = new { type = "string" } } });

        await Client(Model()).GetResponseAsync([message], new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "thing") });

        var sent = Vendor.Requests[^1].Body.GetRawText();
        sent.ShouldContain("AQID");
        sent.ShouldContain("\"kind\"");
    }

    [Fact]
    public async Task A_conversation_that_another_provider_began_is_taken()
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, "go"),
            new(ChatRole.Assistant, [
                new TextReasoningContent("hm"),
                ToolCallArguments.ToCall("functions.calculator:0 é", "calculator", "{oops"),
                ToolCallArguments.ToCall("b", "time", "{\"place\":\"Tokyo\"}")]),
            new(ChatRole.Tool, [new FunctionResultContent("functions.calculator:0 é", null) { Exception = new FormatException("no") }]),
            new(ChatRole.Tool, [new FunctionResultContent("b", "[1,2]")]),
        ];

        (await Client(Model()).GetResponseAsync(messages, new ChatOptions { Tools = [.. Tools] })).Text.ShouldNotBeEmpty();

        var sent = Vendor.Requests[^1].Body.GetRawText();
        sent.ShouldContain("invalid_arguments");
        sent.ShouldContain("Tokyo");
        sent.ShouldContain("Be brief.");
    }

    protected override ModelDefinition Saying(string text)
    {
        Vendor.Otherwise = VendorTurns.Text(text);
        return Model();
    }

    protected override ModelDefinition CallingTools(string text)
    {
        Vendor.Otherwise = VendorTurns.Text(text);
        Vendor.Then(VendorTurns.ToolCalls(
            5, new FakeToolCall("call_a", "calculator", """{"expression":"6 * 7"}"""), new FakeToolCall("call_b", "time", """{"place": "Tokyo"}""")));
        return Model();
    }

    /// <summary>A model at the upstream.</summary>
    protected ModelDefinition Model() => new() { Name = "real", Provider = provider, Model = "m", Url = Vendor.Url };

    /// <summary>A client whose calls are made once.</summary>
    protected IChatClient Client(ModelDefinition definition) => Once.GetChatClient(definition, ModelHost.Call);

    private ModelGateway Once => _once.GetRequiredService<ModelGateway>();

    private Task<ChatResponse> AskAsync(bool streamed, ChatOptions? options = null, ModelDefinition? definition = null, ModelGateway? gateway = null)
    {
        var client = (gateway ?? Once).GetChatClient(definition ?? Model(), ModelHost.Call);
        return (streamed ? client.GetStreamingResponseAsync("hi", options).ToChatResponseAsync() : client.GetResponseAsync("hi", options)).WaitAsync(TimeSpan.FromSeconds(90));
    }

    /// <summary>On a clock of its own: time passes only when the upstream has the request, however slow the machine is.</summary>
    private async Task FallsSilentAsync(bool streamed, ModelDefinition definition)
    {
        var time = new ManualTime();
        await using var host = ModelHost.Start(
            new Dictionary<string, string?> { ["Models:MaxRetries"] = "0" }, services => services.AddSingleton<TimeProvider>(time));
        var failing = Should.ThrowAsync<ModelException>(() => AskAsync(streamed, definition: definition, gateway: host.GetRequiredService<ModelGateway>()));
        var request = (await Eventually.BecomesAsync(() => Vendor.Requests, r => r.Count > 0, "the request to arrive"))[^1];

        await Eventually.HoldsAsync(() =>
        {
            time.Advance(Short);
            return failing.IsCompleted;
        });

        (await failing).Kind.ShouldBe(ModelErrorKind.TimedOut);
        await request.Aborted.WaitAsync(Eventually.Patience);
    }

    private Task<ModelException> FailAsync(bool streamed, ModelDefinition? definition = null) =>
        Should.ThrowAsync<ModelException>(() => AskAsync(streamed, definition: definition));
}
