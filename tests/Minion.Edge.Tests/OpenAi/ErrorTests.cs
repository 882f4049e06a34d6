using System.Text;
using System.Text.Json;
using Minion.Edge.OpenAi.Errors;
using Minion.Models;
using Minion.Testing.OpenAi;

namespace Minion.Edge.Tests.OpenAi;

public sealed class ErrorTests
{
    private const string Path = "/v1/chat/completions";
    private const string Hello = """{"model":"default","messages":[{"role":"user","content":"Hello"}]}""";

    public static TheoryData<string, int, string?, int, string, string> Upstream => new()
    {
        { "rate limit", 429, "rate_limit_exceeded", 429, "rate_limit_error", "rate_limit_exceeded" },
        { "no credit", 429, "insufficient_quota", 429, "insufficient_quota", "insufficient_quota" },
        { "context", 400, "context_length_exceeded", 400, "invalid_request_error", "context_length_exceeded" },
        { "content", 400, "content_filter", 400, "invalid_request_error", "content_filter" },
        { "no model", 404, "model_not_found", 404, "invalid_request_error", "model_not_found" },
        { "bad key", 401, "invalid_api_key", 502, "server_error", "bad_key" },
        { "bad request", 400, null, 400, "invalid_request_error", "" },
        { "down", 503, null, 503, "server_error", "model_unavailable" },
    };

    [Theory]
    [MemberData(nameof(Upstream))]
    public async Task What_the_provider_says_becomes_an_error_with_a_type_and_a_code(string what, int said, string? word, int status, string type, string code)
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Otherwise = Replies.Error(said, $"It is the {what}.", word, retryAfter: "7");
        using var response = await edge.PostAsync(Path, Hello);
        ((int)response.StatusCode).ShouldBe(status);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        body.ShouldBeA("ErrorResponse");
        var error = body.GetProperty("error");
        error.GetProperty("type").GetString().ShouldBe(type);
        (error.GetProperty("code").GetString() ?? "").ShouldBe(code);
        error.GetProperty("message").GetString()!.ShouldContain(what);
        if (type == "rate_limit_error")
        {
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        }

        response.Headers.TryGetValues("x-should-retry", out var retry);
        (retry?.Single() == "false").ShouldBe(type == "insufficient_quota" || code == "bad_key");
    }

    [Fact]
    public void A_budget_that_is_only_reserved_may_be_asked_again_and_a_spent_one_not()
    {
        var reserved = ApiErrors.From(new ModelException(ModelErrorKind.OverBudget, "m", "h", TimeSpan.FromSeconds(1)));
        (reserved.Status, reserved.Final, reserved.RetryAfter).ShouldBe((429, false, TimeSpan.FromSeconds(1)));
        ApiErrors.From(new ModelException(ModelErrorKind.OverBudget, "m", "h")).Final.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{}""", "model", "model: is missing. messages: is missing: at least one message.")]
    [InlineData("""{"model":"default","messages":[]}""", "messages", "messages: is missing: at least one message.")]
    [InlineData("""{"model":1,"messages":"hello"}""", "model", "model: must be a string. messages: must be a list.")]
    [InlineData("""{"model":"default","messages":[{"role":"wizard","content":"x"},{"role":"user"}]}""", "messages[0].role", "messages[0].role: is 'wizard'; it must be one of developer, system, user, assistant, tool. messages[1].content: is missing.")]
    [InlineData("""{"model":"default","messages":[{"role":"user","content":"x"}],"temperature":3,"n":0,"stop":["a","b","c","d","e"],"top_logprobs":3}""", "temperature", "temperature: must be a number from 0 to 2. stop: must be a string, or a list of 1 to 4 strings. top_logprobs: needs logprobs: true. n: must be a whole number from 1 to 16.")]
    [InlineData("""{"model":"default","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x"}}]}]}""", "messages[0].content[0].image_url", "messages[0].content[0].image_url: must be an http or https address, or a data: URL with base64 data.")]
    [InlineData("""{"model":"default","messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search"}],"tool_choice":"maybe"}""", "tools[0].type", "tools[0].type: is 'web_search'; the client's tools are of the type function. Tools that the server runs are an agent's: ask agent/NAME. tool_choice: is 'maybe'; it must be none, auto, required or an object that names a function.")]
    [InlineData("""{"model":"default","messages":[{"role":"user","content":"x"}],"store":true,"functions":[]}""", "store", "store: answers are not kept here; leave it out. functions: is the form before tools; use tools and tool_choice.")]
    [InlineData("""{"model":"default","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}}""", "stream_options", "stream_options: is for requests with stream: true only.")]
    public async Task Everything_that_is_wrong_is_said_at_once(string request, string param, string message)
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, request);
        status.ShouldBe(400);
        body.ShouldBeA("ErrorResponse");
        var error = body.GetProperty("error");
        (error.GetProperty("type").GetString(), error.GetProperty("param").GetString()).ShouldBe(("invalid_request_error", param));
        error.GetProperty("message").GetString().ShouldBe(message);
        edge.Upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{\"model\":")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_is_no_JSON_object_is_refused(string request)
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, request);
        status.ShouldBe(400);
        body.ShouldBeA("ErrorResponse");
    }

    [Fact]
    public async Task JSON_that_is_nested_too_deep_is_refused()
    {
        await using var edge = await EdgeHost.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100));
        var (status, body) = await edge.AskAsync(Path, Hello.Replace("\"model\"", $"\"x\":{deep},\"model\"", StringComparison.Ordinal));
        status.ShouldBe(400);
        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("64 levels");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Five_megabytes_are_too_much_unless_it_is_set_otherwise(bool chunked)
    {
        await using var edge = await EdgeHost.StartAsync();
        // The server closes the connection behind its answer; a client that is still writing then may not get to read it.
        var (status, body) = await Eventually.BecomesAsync(() => PostLongAsync(edge, chunked), _ => true, "the answer", e => e is HttpRequestException);
        (status, body.GetProperty("error").GetProperty("code").GetString()).ShouldBe((413, "request_too_large"));
        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("Edge:MaxRequestBytes");

        await using var generous = await EdgeHost.StartAsync(("Edge:MaxRequestBytes", "8000000"));
        (await PostLongAsync(generous, chunked)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_not_found()
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, Hello.Replace("\"default\"", "\"nobody/nothing\"", StringComparison.Ordinal));
        status.ShouldBe(404);
        var error = body.GetProperty("error");
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe(("model_not_found", "model"));
    }

    [Fact]
    public async Task Without_the_orchestration_its_agents_and_models_are_unavailable_and_the_others_are_not()
    {
        await using var edge = await EdgeHost.StartAsync();
        foreach (var model in new[] { "agent/hello", "declared" })
        {
            var (status, body) = await edge.AskAsync(Path, Hello.Replace("\"default\"", $"\"{model}\"", StringComparison.Ordinal));
            (status, body.GetProperty("error").GetProperty("type").GetString()).ShouldBe((503, "server_error"), body.ToString());
        }

        (await edge.AskAsync(Path, Hello)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_stream_that_fails_before_its_first_token_is_an_error_with_a_status()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Otherwise = Replies.ServerError();
        using var response = await edge.PostAsync(Path, Hello.Replace("\"model\"", "\"stream\":true,\"model\"", StringComparison.Ordinal));
        ((int)response.StatusCode).ShouldBe(503);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task A_stream_that_breaks_off_ends_with_an_error_event_and_without_the_mark_of_the_end()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Upstream.Otherwise = Replies.CutOffAfter(3, new FakeAnswer { Text = "one two three four five" });
        var events = await edge.StreamAsync(Path, Hello.Replace("\"model\"", "\"stream\":true,\"model\"", StringComparison.Ordinal));
        var last = JsonElement.Parse(events[^1].Data);
        last.ShouldBeA("ErrorResponse");
        last.GetProperty("error").GetProperty("type").GetString().ShouldBe("server_error");
        events.ShouldNotContain(e => e.Data == "[DONE]");
    }

    [Fact]
    public async Task Without_a_key_the_error_is_OpenAIs_too()
    {
        await using var edge = await EdgeHost.StartAsync(("MINION_API_KEY", "the-key-of-the-owner"));
        foreach (var key in new[] { null, "another-key" })
        {
            using var response = await edge.PostAsync(Path, Hello, key);
            ((int)response.StatusCode).ShouldBe(401);
            var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            body.ShouldBeA("ErrorResponse");
            (body.GetProperty("error").GetProperty("type").GetString(), body.GetProperty("error").GetProperty("code").GetString()).ShouldBe(("authentication_error", "invalid_api_key"));
        }

        using var admitted = await edge.PostAsync(Path, Hello, "the-key-of-the-owner");
        ((int)admitted.StatusCode).ShouldBe(200);
    }

    [Theory]
    [InlineData("/v1/completions")]
    [InlineData("/v1/chat")]
    [InlineData("/v1/responses/resp_1/cancel")]
    public async Task A_path_that_is_not_there_says_what_is(string path)
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(path, "{}");
        status.ShouldBe(404);
        body.ShouldBeA("ErrorResponse");
    }

    private static async Task<(int Status, JsonElement Body)> PostLongAsync(EdgeHost edge, bool chunked)
    {
        var text = Hello.Replace("Hello", new string('x', 5_000_000), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;
        using var response = await edge.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }
}
