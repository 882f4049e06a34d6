using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.AI;
using Minion.Testing.OpenAi;
using Minion.Testing.Ports;

namespace Minion.Models.Tests.Providers.OpenAiCompatible;

public sealed class EndpointFailureTests : EndpointFixture
{
    private const string Secret = "sk-very-secret-0123456789";

    public static TheoryData<string, int, string, string?, ModelErrorKind> Rejections => new()
    {
        { "a wrong key", 401, "Incorrect API key provided.", "invalid_api_key", ModelErrorKind.BadKey },
        { "a forbidden model", 403, "Country not supported.", null, ModelErrorKind.BadKey },
        { "no credit", 402, "Insufficient balance.", null, ModelErrorKind.OverBudget },
        { "no quota", 429, "You exceeded your current quota.", "insufficient_quota", ModelErrorKind.OverBudget },
        { "too many requests", 429, "Slow down.", "rate_limit_exceeded", ModelErrorKind.RateLimited },
        { "an unknown model", 404, "The model `m1` does not exist.", "model_not_found", ModelErrorKind.UnknownModel },
        { "a model that is not pulled", 404, "model \"m1\" not found, try pulling it first", null, ModelErrorKind.UnknownModel },
        { "an unknown path", 404, "Not Found", null, ModelErrorKind.WrongEndpoint },
        { "a wrong method", 405, "Method Not Allowed", null, ModelErrorKind.WrongEndpoint },
        { "a long conversation", 400, "This model's maximum context length is 8192 tokens.", "context_length_exceeded", ModelErrorKind.ContextOverflow },
        { "a large body", 413, "Payload too large.", null, ModelErrorKind.ContextOverflow },
        { "a filtered prompt", 400, "The response was filtered.", "content_filter", ModelErrorKind.Refused },
        { "a bad parameter", 400, "Unsupported value: 'temperature'.", "unsupported_value", ModelErrorKind.InvalidRequest },
        { "a slow upstream", 408, "Request timeout.", null, ModelErrorKind.TimedOut },
        { "a fault", 500, "Internal error.", null, ModelErrorKind.Unavailable },
        { "an overload", 529, "Overloaded.", null, ModelErrorKind.Unavailable },
    };

    [Theory]
    [MemberData(nameof(Rejections))]
    public async Task An_error_status_is_understood(string situation, int status, string message, string? code, ModelErrorKind kind)
    {
        foreach (var streamed in new[] { true, false })
        {
            Endpoint.Then(Replies.Error(status, message, code));

            var error = await FailAsync(streamed);

            error.Kind.ShouldBe(kind, situation);
            error.Message.ShouldStartWith($"The model 'big' (m1 at {Endpoint.Url}) answered with status {status}: ");
            error.Message.ShouldContain(message);
            error.Hint.ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData("""{"error":"model 'm1' not found"}""", ModelErrorKind.UnknownModel)]
    [InlineData("""[{"error":{"code":404,"message":"models/m1 is not found","status":"NOT_FOUND"}}]""", ModelErrorKind.UnknownModel)]
    [InlineData("""{"detail":"Not Found"}""", ModelErrorKind.WrongEndpoint)]
    [InlineData("404 page not found", ModelErrorKind.WrongEndpoint)]
    [InlineData("<html>nope</html>", ModelErrorKind.WrongEndpoint)]
    [InlineData("", ModelErrorKind.WrongEndpoint)]
    public async Task Errors_are_read_in_the_forms_that_endpoints_use(string body, ModelErrorKind kind)
    {
        Endpoint.Then(Replies.Raw(404, "application/json", body));

        (await FailAsync(streamed: false)).Kind.ShouldBe(kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_web_page_is_a_wrong_address(bool streamed)
    {
        Endpoint.Then(Replies.Html());

        var error = await FailAsync(streamed);

        error.Kind.ShouldBe(ModelErrorKind.WrongEndpoint);
        error.Hint.ShouldContain("/v1");
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_says_where_it_points()
    {
        Endpoint.Then(async exchange =>
        {
            exchange.Response.StatusCode = 307;
            exchange.Response.Headers.Location = "https://elsewhere.example/login";
            await exchange.Response.CompleteAsync();
        });

        var error = await FailAsync(streamed: true);

        error.Kind.ShouldBe(ModelErrorKind.WrongEndpoint);
        error.Message.ShouldContain("https://elsewhere.example/login");
        Endpoint.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Half_an_object_is_an_invalid_answer(bool streamed)
    {
        Endpoint.Then(Replies.InvalidJson());

        (await FailAsync(streamed)).Kind.ShouldBe(ModelErrorKind.InvalidAnswer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_without_choices_is_invalid(bool streamed)
    {
        Endpoint.Then(Replies.EmptyChoices());

        var error = await FailAsync(streamed);

        error.Kind.ShouldBeOneOf(ModelErrorKind.InvalidAnswer, ModelErrorKind.Unavailable);
        error.Retryable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stream_without_an_event_is_invalid()
    {
        Endpoint.Then(Replies.Raw(200, "text/event-stream", ""));

        (await FailAsync(streamed: true)).Kind.ShouldBe(ModelErrorKind.InvalidAnswer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_stops_in_the_middle_is_a_failure_that_says_how_much_came(bool torn)
    {
        var answer = new FakeAnswer { Text = "one two three four" };
        Endpoint.Then(torn ? Replies.CutOffAfter(3, answer) : Replies.EndAfter(3, answer));
        var text = "";

        var error = await Should.ThrowAsync<ModelException>(async () =>
        {
            await foreach (var update in Client().GetStreamingResponseAsync("hi"))
            {
                text += update.Text;
            }
        });

        text.ShouldBe("one two");
        error.Kind.ShouldBe(ModelErrorKind.Unavailable);
        error.Message.ShouldContain("7 characters");
    }

    [Fact]
    public async Task Tool_calls_that_were_cut_off_are_not_given_on()
    {
        Endpoint.Then(Replies.EndAfter(3, new FakeAnswer { ToolCalls = [new("call_1", "notes_add", """{"text":"a"}""")], Pieces = 4 }));
        var calls = new List<FunctionCallContent>();

        var error = await Should.ThrowAsync<ModelException>(async () =>
        {
            await foreach (var update in Client().GetStreamingResponseAsync("hi"))
            {
                calls.AddRange(update.Contents.OfType<FunctionCallContent>());
            }
        });

        error.Kind.ShouldBe(ModelErrorKind.Unavailable);
        calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_end_loses_only_the_token_counts()
    {
        Endpoint.Then(Replies.CutOffAfter(4, new FakeAnswer { Text = "one two", CountsTokens = false }));

        var answer = await AskAsync(streamed: true);

        answer.Text.ShouldBe("one two");
        answer.Usage!.OutputTokenCount.ShouldBe(2);
    }

    [Fact]
    public async Task An_error_in_the_middle_of_a_stream_is_a_failure()
    {
        Endpoint.Then(Replies.FailAfter(3, "one two three", "CUDA out of memory"));

        var error = await FailAsync(streamed: true);

        error.Kind.ShouldBe(ModelErrorKind.Unavailable);
        error.Message.ShouldContain("CUDA out of memory");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_of_the_provider_is_one(bool streamed)
    {
        Endpoint.Then(Replies.Answer(new FakeAnswer { Refusal = "I cannot help with that." }));

        var error = await FailAsync(streamed);

        error.Kind.ShouldBe(ModelErrorKind.Refused);
        error.Message.ShouldContain("I cannot help with that.");
    }

    [Fact]
    public async Task Nobody_listening_asks_whether_the_server_runs()
    {
        using var port = new ReservedPort();

        var error = await FailAsync(streamed: true, Model() with { Url = $"{port.Url}/v1" });

        error.Kind.ShouldBe(ModelErrorKind.Unavailable);
        error.Hint.ShouldContain("server running");
        error.Message.ShouldContain($"127.0.0.1:{port.Number}");
    }

    [Fact]
    public async Task An_unknown_host_is_a_wrong_address() =>
        (await FailAsync(streamed: false, Model() with { Url = "http://no-such-host.invalid/v1" })).Kind
            .ShouldBeOneOf(ModelErrorKind.WrongEndpoint, ModelErrorKind.Unavailable);

    [Fact]
    public async Task A_port_that_speaks_something_else_is_a_wrong_address()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await server.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());
        });

        var error = await FailAsync(streamed: false, Model() with { Url = $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/v1" });
        await serving;

        error.Kind.ShouldBe(ModelErrorKind.WrongEndpoint);
    }

    [Fact]
    public async Task Https_to_a_port_that_speaks_http_is_a_wrong_address() =>
        (await FailAsync(streamed: true, Model() with { Url = Endpoint.Url.Replace("http:", "https:") })).Kind.ShouldBe(ModelErrorKind.WrongEndpoint);

    [Fact]
    public async Task The_key_is_read_at_each_call_and_sent()
    {
        Endpoint.Key = Secret;
        var definition = Model() with { ApiKeyVariable = "BIG_API_KEY" };

        var missing = await FailAsync(streamed: true, definition);
        Variables["BIG_API_KEY"] = $" {Secret}\n";
        var answer = await AskAsync(streamed: true, definition: definition);

        missing.Kind.ShouldBe(ModelErrorKind.BadKey);
        missing.Message.ShouldContain("BIG_API_KEY");
        answer.Text.ShouldBe("Hello from the fake endpoint.");
    }

    [Fact]
    public async Task Without_a_key_no_authorization_is_sent()
    {
        await AskAsync(streamed: false);

        Endpoint.Requests[0].Headers.ContainsKey("Authorization").ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_that_the_endpoint_repeats_is_not_repeated_here()
    {
        Variables["BIG_API_KEY"] = Secret;
        Endpoint.Then(Replies.Error(401, $"Invalid key {Secret}!"));

        var error = await FailAsync(streamed: true, Model() with { ApiKeyVariable = "BIG_API_KEY" });

        error.Message.ShouldContain("Invalid key ***!");
        error.ToString().ShouldNotContain(Secret);
        error.Hint.ShouldContain("BIG_API_KEY");
    }

    [Fact]
    public async Task A_key_with_a_line_break_is_refused_without_showing_it()
    {
        Variables["BIG_API_KEY"] = "sk-very\nsecret";

        var error = await FailAsync(streamed: true, Model() with { ApiKeyVariable = "BIG_API_KEY" });

        error.Kind.ShouldBe(ModelErrorKind.BadKey);
        error.ToString().ShouldNotContain("sk-very");
        Endpoint.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_without_an_end_does_not_fill_the_memory()
    {
        var block = new string('x', 1024 * 1024);
        Endpoint.Then(async exchange =>
        {
            exchange.Response.ContentType = "application/json";
            for (var i = 0; i < 80; i++)
            {
                await exchange.Response.Body.WriteAsync(System.Text.Encoding.ASCII.GetBytes(i == 0 ? "{\"a\":\"" + block : block), exchange.Context.RequestAborted);
            }
        });

        (await FailAsync(streamed: false)).Message.ShouldContain("64 MB");
    }

    [Theory]
    [InlineData("""{"content":"TEXT"}""")]
    [InlineData("""{"reasoning_content":"TEXT"}""")]
    [InlineData("""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"notes_add","arguments":"TEXT"}}]}""")]
    public async Task An_answer_is_no_longer_than_a_message_of_the_API_can_carry(string delta)
    {
        var chunk = $$$"""{"choices":[{"delta":{{{delta.Replace("TEXT", new string('x', 300_000), StringComparison.Ordinal)}}}}]}""";
        Endpoint.Then(Replies.Raw(200, "text/event-stream", string.Concat(Enumerable.Repeat($"data: {chunk}\n\n", 4))));

        var error = await FailAsync(streamed: true);

        error.Kind.ShouldBe(ModelErrorKind.InvalidAnswer);
        error.Message.ShouldContain("1,048,576 characters");
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_an_invalid_answer()
    {
        Endpoint.Then(Replies.Raw(200, "application/json", """{"choices":[{"message":{"content":"\ud83d"},"finish_reason":"stop"}]}"""));

        (await FailAsync(streamed: false)).Kind.ShouldBe(ModelErrorKind.InvalidAnswer);
    }
}
