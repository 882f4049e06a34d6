using System.Text.Json;
using Minion.Testing.OpenAi;

namespace Minion.Edge.Tests.OpenAi;

/// <summary>The official client from npm, with nothing changed but its base address and key.</summary>
[Collection(ServerCollection.Name)]
public sealed class OfficialClientTests(ServerFixture server)
{
    [Fact]
    public async Task It_gets_answers()
    {
        var seen = await PlayAsync("chat");
        seen.GetProperty("text").GetString().ShouldBe("Hello from the fake endpoint.");
        seen.GetProperty("usage").GetInt32().ShouldBe(19);
        seen.GetProperty("request").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task It_streams()
    {
        var seen = await PlayAsync("stream");
        seen.GetProperty("text").GetString().ShouldBe("Hello from the fake endpoint.");
        seen.GetProperty("parts").GetInt32().ShouldBe(5);
        (seen.GetProperty("finish").GetString(), seen.GetProperty("usage").GetInt32()).ShouldBe(("stop", 19));
    }

    [Fact]
    public async Task It_runs_tools_and_sends_their_results_back()
    {
        server.Upstream.Then(Replies.ToolCalls(1, new FakeToolCall("c1", "weather", """{"city":"Rome"}""")), Replies.Text("It rains in Rome."));
        var seen = await PlayAsync("tools");
        seen.GetProperty("text").GetString().ShouldBe("It rains in Rome.");
        seen.GetProperty("ran")[0].GetProperty("city").GetString().ShouldBe("Rome");
        server.Upstream.Requests[^1].Messages[^1].GetProperty("content").GetString().ShouldBe("rain");
    }

    [Fact]
    public async Task It_collects_streamed_tool_calls()
    {
        server.Upstream.Then(Replies.ToolCalls(4, new FakeToolCall("c1", "weather", """{"city":"Rome"}"""), new FakeToolCall("c2", "weather", """{"city":"Oslo"}""")));
        var calls = (await PlayAsync("streamedTools")).GetProperty("calls");
        calls.EnumerateArray().Select(c => c.ToString()).ShouldBe(["""["c1","weather","{\"city\":\"Rome\"}"]""", """["c2","weather","{\"city\":\"Oslo\"}"]"""]);
    }

    [Fact]
    public async Task It_asks_for_structured_output()
    {
        server.Upstream.Then(Replies.Text("""{"sum":3}"""));
        (await PlayAsync("structured")).GetProperty("content").GetString().ShouldBe("""{"sum":3}""");
        server.Upstream.Requests[^1].Body.GetProperty("response_format").GetProperty("json_schema").GetProperty("strict").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task It_gets_responses_whole_and_streamed()
    {
        var seen = await PlayAsync("responses");
        (seen.GetProperty("text").GetString(), seen.GetProperty("streamed").GetString()).ShouldBe(("Hello from the fake endpoint.", "Hello from the fake endpoint."));
        (seen.GetProperty("status").GetString(), seen.GetProperty("first").GetString(), seen.GetProperty("last").GetString()).ShouldBe(("completed", "response.created", "response.completed"));
    }

    [Fact]
    public async Task It_gets_embeddings()
    {
        var seen = await PlayAsync("embeddings");
        (seen.GetProperty("count").GetInt32(), seen.GetProperty("length").GetInt32(), seen.GetProperty("same").GetBoolean()).ShouldBe((2, 8, true));
    }

    [Fact]
    public async Task It_lists_models_and_agents()
    {
        var seen = await PlayAsync("models");
        var ids = seen.GetProperty("ids").EnumerateArray().Select(i => i.GetString()).ToList();
        ids.ShouldContain("default");
        ids.ShouldContain("counting");
        ids.ShouldContain("auto");
        ids.ShouldContain("expert");
        ids.ShouldContain("openai/gpt-5-mini");
        ids.ShouldContain("agent/hello");
        ids.ShouldBeUnique();
        (seen.GetProperty("one").GetString(), seen.GetProperty("agent").GetString()).ShouldBe(("default", "agent/hello"));
        seen.GetProperty("none").GetProperty("code").GetString().ShouldBe("model_not_found");
    }

    [Theory]
    [InlineData("openai/gpt-5-mini")]
    [InlineData("expert")]
    public async Task It_names_models_of_the_catalog_and_tiers(string model)
    {
        (await PlayAsync("chat", model)).GetProperty("text").GetString().ShouldBe("Hello from the fake endpoint.");
        (await PlayAsync("stream", model)).GetProperty("text").GetString().ShouldBe("Hello from the fake endpoint.");
        server.Upstream.Requests[^1].Headers["Authorization"].ShouldBe("Bearer a-key-of-the-fake-endpoint");
    }

    [Fact]
    public async Task It_knows_the_errors()
    {
        var seen = await PlayAsync("errors");
        Error(seen, "unknown").ShouldBe(("NotFoundError", 404, "model_not_found", "model"));
        Error(seen, "invalid").ShouldBe(("BadRequestError", 400, null, "messages"));
        Error(seen, "key").ShouldBe(("AuthenticationError", 401, "invalid_api_key", null));
        Error(seen, "long").Status.ShouldBe(413);
    }

    [Fact]
    public async Task It_knows_a_rate_limit_and_an_empty_account()
    {
        server.Upstream.Then(Replies.RateLimited(3), Replies.Error(429, "You exceeded your current quota.", "insufficient_quota"));
        var limited = await PlayAsync("failure");
        (limited.GetProperty("name").GetString(), limited.GetProperty("code").GetString(), limited.GetProperty("retry").GetString()).ShouldBe(("RateLimitError", "rate_limit_exceeded", null));
        var empty = await PlayAsync("failure");
        (empty.GetProperty("name").GetString(), empty.GetProperty("code").GetString(), empty.GetProperty("retry").GetString()).ShouldBe(("RateLimitError", "insufficient_quota", "false"));
    }

    [Fact]
    public async Task It_hears_of_a_stream_that_breaks_off()
    {
        server.Upstream.Then(Replies.CutOffAfter(3, new FakeAnswer { Text = "one two three four" }));
        (await PlayAsync("broken")).GetProperty("type").GetString().ShouldBe("server_error");
    }

    [Fact]
    public async Task When_it_aborts_in_mid_stream_the_upstream_call_is_cancelled_too()
    {
        server.Upstream.Then(Replies.HangAfter(4, "one two three four five"));
        (await PlayAsync("abort")).GetProperty("parts").GetInt32().ShouldBeInRange(2, 3);
        await server.Upstream.Requests[^1].Aborted.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_talks_to_an_agent_as_to_a_model()
    {
        var whole = await PlayAsync("chat", "agent/hello");
        whole.GetProperty("text").GetString().ShouldBe("Hello from the agent.");
        Guid.TryParse(whole.GetProperty("run").GetString(), out _).ShouldBeTrue();
        (await PlayAsync("stream", "agent/hello")).GetProperty("text").GetString().ShouldBe("Hello from the agent.");
        (await PlayAsync("responses", "agent/hello")).GetProperty("streamed").GetString().ShouldBe("Hello from the agent.");
    }

    private static (string? Name, int Status, string? Code, string? Param) Error(JsonElement seen, string which)
    {
        var error = seen.GetProperty(which);
        return (error.GetProperty("name").GetString(), error.GetProperty("status").GetInt32(), error.GetProperty("code").GetString(), error.GetProperty("param").GetString());
    }

    private Task<JsonElement> PlayAsync(string scenario, string model = "default") => NodeClient.PlayAsync(server.Url, ServerFixture.AdaKey, scenario, model);
}
