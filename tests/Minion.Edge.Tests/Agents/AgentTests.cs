using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Minion.Contracts.Orchestration.V1;
using Minion.Edge.Tests.OpenAi;
using Minion.Testing.OpenAi;

namespace Minion.Edge.Tests.Agents;

/// <summary>A whole agent behind a model's name.</summary>
[Collection(ServerCollection.Name)]
public sealed class AgentTests(ServerFixture server)
{
    private readonly HttpClient _http = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_uses_its_tools_and_its_run_is_kept(bool streamed)
    {
        using var response = await PostAsync(Ask("agent/hello", "What is 20 plus 22?", streamed));
        (await TextAsync(response, streamed)).ShouldBe("That is 42.");
        var run = (await server.Runs.GetRunAsync(new GetRunRequest { Id = RunOf(response) }, server.Owner, cancellationToken: Cancellation)).Run;
        (run.Status, run.Output, run.Usage.ToolCalls).ShouldBe((RunStatus.Completed, "That is 42.", 1));
    }

    [Fact]
    public async Task It_hears_what_was_said_before()
    {
        using var response = await PostAsync("""
            {"model":"agent/relay","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"I am Ada."},{"role":"assistant","content":"Hello Ada."},{"role":"user","content":"Who am I?"}]}
            """);
        response.IsSuccessStatusCode.ShouldBeTrue();
        server.Upstream.Requests[^1].Messages.Select(m => $"{m.GetProperty("role").GetString()}: {m.GetProperty("content").GetString()}")
            .ShouldBe(["system: Relay.", "system: Be kind.", "user: I am Ada.", "assistant: Hello Ada.", "user: Who am I?"]);
    }

    [Fact]
    public async Task The_same_key_is_the_same_run()
    {
        var key = Guid.NewGuid().ToString();
        const string request = """{"model":"agent/hello","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},{"role":"user","content":"What is 1 plus 2?"}]}""";
        using var first = await PostAsync(request, key);
        using var second = await PostAsync(request, key);
        (await TextAsync(first, streamed: false)).ShouldBe("That is 3.");
        (await TextAsync(second, streamed: false)).ShouldBe("That is 3.");
        RunOf(second).ShouldBe(RunOf(first));
        using var other = await PostAsync(request.Replace("1 plus 2", "3 plus 4", StringComparison.Ordinal), key);
        ((int)other.StatusCode).ShouldBe(409, await other.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Aborting_the_request_cancels_the_run()
    {
        using var response = await PostAsync(Ask("agent/slow", "Count", streamed: true));
        var run = RunOf(response);
        response.Dispose();
        await Eventually.HoldsAsync(async () => (await StatusAsync(run)) == RunStatus.Cancelled, "the run to be cancelled");
    }

    [Fact]
    public async Task With_an_idempotency_key_the_run_goes_on_for_whoever_asks_again()
    {
        var key = Guid.NewGuid().ToString();
        string run;
        using (var response = await PostAsync(Ask("agent/slow", "Count", streamed: true), key))
        {
            run = RunOf(response);
        }

        using var again = await PostAsync(Ask("agent/slow", "Count", streamed: true), key);
        RunOf(again).ShouldBe(run);
        (await TextAsync(again, streamed: true)).ShouldEndWith("twenty");
        (await StatusAsync(run)).ShouldBe(RunStatus.Completed);
    }

    [Fact]
    public async Task An_agents_failure_is_an_error()
    {
        server.Upstream.Then(Replies.Error(400, "This model's maximum context length is 5.", "context_length_exceeded"));
        using var response = await PostAsync(Ask("agent/relay", "Hello", streamed: false));
        ((int)response.StatusCode).ShouldBe(400);
        (await ErrorAsync(response)).GetProperty("code").GetString().ShouldBe("context_length_exceeded");
    }

    [Theory]
    [InlineData("""{"model":"agent/nobody","messages":[{"role":"user","content":"x"}]}""", 404, "model")]
    [InlineData("""{"model":"agent/hello","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}]}""", 400, "tools")]
    [InlineData("""{"model":"agent/hello","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object"}}""", 400, "response_format")]
    [InlineData("""{"model":"agent/hello","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}""", 400, "messages[1]")]
    [InlineData("""{"model":"agent/hello","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}""", 400, "messages[0]")]
    public async Task What_an_agent_cannot_do_is_said(string request, int status, string param)
    {
        using var response = await PostAsync(request);
        ((int)response.StatusCode).ShouldBe(status);
        (await ErrorAsync(response)).GetProperty("param").GetString().ShouldBe(param);
    }

    [Fact]
    public async Task A_declared_model_is_asked_by_its_name()
    {
        using var response = await PostAsync(Ask("counting", "Hello", streamed: false));
        (await TextAsync(response, streamed: false)).ShouldBe("Hello from the agent.");
    }

    [Theory]
    [InlineData("chat/completions", "messages", "messages")]
    [InlineData("responses", "input", "input")]
    public async Task What_is_too_long_for_an_agent_is_told_by_the_name_that_the_client_gave_it(string path, string field, string param)
    {
        var content = new string('x', (1 << 20) + 1);
        using var response = await PostAsync($$"""{"model":"agent/relay","{{field}}":[{"role":"user","content":"{{content}}"}]}""", path: path);
        ((int)response.StatusCode).ShouldBe(400);
        var error = await ErrorAsync(response);
        error.GetProperty("param").GetString().ShouldBe(param);
        error.GetProperty("message").GetString()!.ShouldStartWith($"{param}: has 1048577 bytes");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_answer_has_what_the_run_cost(bool streamed)
    {
        using var response = await PostAsync(Ask("agent/priced", "Hello", streamed));
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        var run = (await server.Runs.GetRunAsync(new GetRunRequest { Id = RunOf(response) }, server.Owner, cancellationToken: Cancellation)).Run;
        decimal.Parse(run.Usage.CostUsd, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        body.ShouldContain($"\"cost_usd\":\"{run.Usage.CostUsd}\"");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Ask(string model, string text, bool streamed) =>
        $$"""{"model":"{{model}}","stream":{{(streamed ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}"}]}""";

    private static string RunOf(HttpResponseMessage response) => response.Headers.GetValues("minion-run-id").Single();

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation)).GetProperty("error");

    private static async Task<string> TextAsync(HttpResponseMessage response, bool streamed)
    {
        response.IsSuccessStatusCode.ShouldBeTrue();
        if (!streamed)
        {
            var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            return body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        var text = new StringBuilder();
        await foreach (var chunk in SseParser.Create(stream).EnumerateAsync(Cancellation))
        {
            if (chunk.Data != "[DONE]")
            {
                var json = JsonElement.Parse(chunk.Data);
                json.TryGetProperty("error", out _).ShouldBeFalse(chunk.Data);
                json.ShouldBeA("CreateChatCompletionStreamResponse");
                var delta = json.GetProperty("choices")[0].GetProperty("delta");
                text.Append(delta.TryGetProperty("content", out var content) ? content.GetString() : "");
            }
        }

        return text.ToString();
    }

    private async Task<RunStatus> StatusAsync(string run) =>
        (await server.Runs.GetRunAsync(new GetRunRequest { Id = run }, server.Owner, cancellationToken: Cancellation)).Run.Status;

    private Task<HttpResponseMessage> PostAsync(string body, string? key = null, string path = "chat/completions")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Url}/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerFixture.AdaKey);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }
}
