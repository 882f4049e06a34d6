using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Http;

namespace Minion.Tools.Tests.Sources.Http;

public sealed class HttpSourceTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Arguments_go_where_they_were_declared_to_go()
    {
        var asked = await CallAsync(
            """
            { "name": "pay", "description": "Pays.", "method": "POST", "path": "/v1/{account}/pay",
              "parameters": {
                "account": { "type": "string" }, "dry_run": { "type": "boolean", "in": "query", "name": "dry-run" }, "tags": { "type": "array", "in": "query" },
                "trace": { "type": "string", "in": "header", "name": "X-Trace" }, "amount": { "type": "number", "required": true }, "to": { "type": "object" } } }
            """,
            """{ "account": "a b/ü", "dry_run": true, "tags": ["x", "y&z"], "trace": "t1", "amount": 12.50, "to": { "name": "Ada" } }""",
            ""","headers": { "X-Client": "minion" }, "auth": { "bearer": "${SHOP_TOKEN}" } """);

        asked.GetProperty("method").GetString().ShouldBe("POST");
        asked.GetProperty("target").GetString().ShouldBe("/v1/a%20b%2F%C3%BC/pay?dry-run=true&tags=x&tags=y%26z");
        asked.GetProperty("headers").GetProperty("x-trace").GetString().ShouldBe("t1");
        asked.GetProperty("headers").GetProperty("x-client").GetString().ShouldBe("minion");
        asked.GetProperty("headers").GetProperty("authorization").GetString().ShouldBe("Bearer ***", "the API gives back what it was sent");
        asked.GetProperty("headers").GetProperty("content-type").GetString().ShouldBe("application/json");
        asked.GetProperty("body").GetString().ShouldBe("""{"amount":12.50,"to":{"name":"Ada"}}""");
    }

    [Theory]
    [InlineData("form", "application/x-www-form-urlencoded", "a=1&b=x+y")]
    [InlineData("text", "text/plain; charset=utf-8", "1")]
    public async Task Bodies_are_written_in_other_ways_too(string body, string type, string expected)
    {
        var asked = await CallAsync(
            $$"""{ "name": "send", "description": "Sends.", "method": "POST", "path": "/send", "body": "{{body}}", "parameters": { "a": { "type": "integer" }, "b": { "type": "string" } } }""",
            """{ "a": 1, "b": "x y" }""");
        asked.GetProperty("headers").GetProperty("content-type").GetString().ShouldBe(type);
        asked.GetProperty("body").GetString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{ "basic": { "username": "ada", "password": "${SHOP_PASSWORD}" } }""", "headers", "Basic ***")]
    [InlineData("""{ "query": { "name": "key", "value": "${SHOP_TOKEN}" } }""", "target", "/x?key=***")]
    [InlineData("""{ "header": { "name": "X-Key", "value": "Key ${SHOP_TOKEN}" } }""", "headers", "\"x-key\":\"Key ***\"")]
    public async Task Secrets_are_sent_and_not_shown(string auth, string where, string expected) =>
        (await CallAsync("""{ "name": "x", "description": "X.", "path": "/x" }""", "{}", $", \"auth\": {auth}")).GetProperty(where).GetRawText().ShouldContain(expected);

    [Fact]
    public async Task Secrets_in_headers_are_not_shown_either_whatever_stands_around_them()
    {
        api.Answers["/parsed"] = context => context.Response.WriteAsJsonAsync(new { token = context.Request.Headers["X-Key"].ToString().Split(' ')[1] });
        (await CallAsync("""{ "name": "p", "description": "P.", "path": "/parsed" }""", "{}", """, "headers": { "X-Key": "Key ${SHOP_TOKEN}" }""")).GetRawText().ShouldBe("""{"token":"***"}""");
        (await CallAsync("""{ "name": "p", "description": "P.", "path": "/parsed" }""", "{}", """, "auth": { "header": { "name": "X-Key", "value": "Key ${SHOP_TOKEN}" } }""")).GetRawText().ShouldBe("""{"token":"***"}""");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../admin")]
    [InlineData("a/../../admin")]
    [InlineData("%2e%2e/admin")]
    [InlineData("..\\admin")]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task A_path_leads_nowhere_else(string id)
    {
        var tool = await ToolAsync("""{ "name": "get", "description": "Gets.", "path": "/items/{id}", "parameters": { "id": { "type": "string" } } }""");
        (await tool.InvokeAsync(JsonSerializer.Serialize(new { id }))).Failure().Message.ShouldContain("'id'");
    }

    [Fact]
    public async Task Nothing_leads_to_another_host()
    {
        api.Answers["/away"] = context => Redirect(context, "http://127.0.0.2:1/secret");
        api.Answers["/there"] = context => Redirect(context, "/found");
        (await (await ToolAsync("""{ "name": "away", "description": "Away.", "path": "/away" }""")).InvokeAsync("{}")).Failure().Message.ShouldContain("private network");
        (await CallAsync("""{ "name": "there", "description": "There.", "path": "/there" }""", "{}", """, "auth": { "bearer": "${SHOP_TOKEN}" }"""))
            .GetProperty("headers").GetProperty("authorization").GetString().ShouldBe("Bearer ***");
    }

    [Fact]
    public async Task A_part_of_the_answer_can_be_the_result()
    {
        api.Answers["/list"] = context => context.Response.WriteAsJsonAsync(new { data = new { items = new[] { 1, 2 } } });
        const string Tool = """{ "name": "list", "description": "Lists.", "path": "/list", "result": "/data/items", "output": { "type": "array", "items": { "$ref": "#/$defs/n" }, "$defs": { "n": { "type": "integer" } } } }""";
        (await (await ToolAsync(Tool)).InvokeAsync("{}")).Value().GetRawText().ShouldBe("""{"status":200,"content_type":"application/json; charset=utf-8","body":[1,2]}""");
        (await (await ToolAsync(Tool.Replace("/items\"", "/nothing\"", StringComparison.Ordinal))).InvokeAsync("{}")).Failure();
    }

    [Fact]
    public async Task Answers_of_any_kind_are_told()
    {
        await Answers("image/png", [0x89, 0x50, 0, 1], body => body.GetProperty("body").ValueKind.ShouldBe(JsonValueKind.Null));
        await Answers("text/plain", [0x61, 0xff, 0x62], body => body.GetProperty("body").GetString().ShouldBe("a\uFFFDb"));
        await Answers("application/json", [.. "{ broken"u8], body => body.GetProperty("body").GetString().ShouldBe("{ broken"));
        await Answers("application/json", [.. "\"\\ud800\""u8], body => body.GetProperty("body").GetString().ShouldBe("\"\\ud800\""));
        await Answers("application/json", [.. ""u8], body => body.GetProperty("body").ValueKind.ShouldBe(JsonValueKind.Null));
        await Answers("text/plain", System.Text.Encoding.UTF8.GetBytes(new string('x', 5000)), body => body.GetProperty("truncated").GetBoolean().ShouldBeTrue());

        async Task Answers(string type, byte[] content, Action<JsonElement> check)
        {
            api.Answers["/any"] = async context =>
            {
                context.Response.ContentType = type;
                await context.Response.Body.WriteAsync(content);
            };
            check((await (await ToolAsync("""{ "name": "any", "description": "Any.", "path": "/any" }""", ""","max_bytes": 2000""")).InvokeAsync("{}")).Value());
        }
    }

    [Theory]
    [InlineData(404, false, "ids")]
    [InlineData(401, false, "right")]
    [InlineData(422, false, "Correct")]
    [InlineData(429, true, "later")]
    [InlineData(503, true, "later")]
    public async Task A_refusal_says_what_the_API_said(int status, bool retryable, string hint)
    {
        api.Answers[$"/refuse{status}"] = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("no such pet");
        };
        var failure = (await (await ToolAsync($$"""{ "name": "r", "description": "R.", "path": "/refuse{{status}}" }""")).InvokeAsync("{}")).Failure();
        failure.Message.ShouldContain("no such pet");
        failure.Retryable.ShouldBe(retryable);
        failure.Hint.ShouldContain(hint);
    }

    [Theory]
    [InlineData("POST", 504, true)]
    [InlineData("POST", 502, true)]
    [InlineData("POST", 503, false)]
    [InlineData("GET", 504, false)]
    public async Task A_gateway_that_gives_up_leaves_it_open_whether_something_happened(string method, int status, bool undecided)
    {
        api.Answers[$"/gateway{method}{status}"] = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        var failure = (await (await ToolAsync($$"""{ "name": "g", "description": "G.", "method": "{{method}}", "path": "/gateway{{method}}{{status}}" }""")).InvokeAsync("{}")).Failure();
        (failure.Undecided, failure.Retryable).ShouldBe((undecided, !undecided));
    }

    [Fact]
    public async Task A_connection_that_ends_in_the_middle_leaves_it_open_whether_something_happened()
    {
        api.Answers["/cut"] = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        (await (await ToolAsync("""{ "name": "cut", "description": "Cut.", "path": "/cut" }""")).InvokeAsync("{}")).Failure().Undecided.ShouldBeFalse();
        (await (await ToolAsync("""{ "name": "cut", "description": "Cut.", "method": "POST", "path": "/cut" }""")).InvokeAsync("{}")).Failure().Undecided.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_makes_a_change_idempotent_where_the_API_takes_one()
    {
        var tool = await ToolAsync("""{ "name": "add", "description": "Adds.", "method": "POST", "path": "/add" }""", ""","idempotency_header": "Idempotency-Key" """);
        tool.Description.Policy.Effect.ShouldBe(Effect.Idempotent);
        tool.Description.Untrusted.ShouldBeTrue();
        (await tool.InvokeAsync("{}", key: "k1")).Value().GetProperty("body").GetProperty("headers").GetProperty("idempotency-key").GetString().ShouldBe("k1");
    }

    [Fact]
    public async Task A_missing_secret_is_named_and_nothing_is_sent()
    {
        var failure = (await (await ToolAsync("""{ "name": "x", "description": "X.", "path": "/x" }""", ""","auth": { "bearer": "${NO_TOKEN}" }""")).InvokeAsync("{}")).Failure();
        failure.Message.ShouldContain("NO_TOKEN");
    }

    [Fact]
    public void Settings_are_checked_all_at_once()
    {
        var problems = Kind().Problems(
            """
            { "url": "ftp://x", "auth": { "bearer": "geheim" }, "headers": { "Host": "x" }, "tolls": [],
              "tools": [ { "name": "a", "description": "", "path": "x/{id}", "method": "FETCH", "parameters": { "q": { "type": "strange" }, "h": { "in": "header", "name": "a b" } } } ] }
            """);
        problems.Select(problem => problem.Split(' ')[0]).Order(StringComparer.Ordinal).ShouldBe(
            ["/auth/bearer", "/headers/Host", "/tolls", "/tools/0/description", "/tools/0/method", "/tools/0/parameters", "/tools/0/parameters/h/name", "/tools/0/path", "/tools/0/path", "/url"]);
        problems.ShouldContain(problem => problem.Contains("'tools'", StringComparison.Ordinal));
    }

    private static Task Redirect(HttpContext context, string to)
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    }

    private HttpSourceKind Kind() => new(api.Guard, api.Secrets);

    private async Task<ITool> ToolAsync(string tool, string more = "")
    {
        var source = Kind().Create("shop", $$"""{ "url": "{{api.Url}}", "tools": [ {{tool}} ]{{more}} }""", secrets: api.Secrets);
        return (await source.ListAsync(TestContext.Current.CancellationToken)).Single();
    }

    private async Task<JsonElement> CallAsync(string tool, string arguments, string more = "") =>
        (await (await ToolAsync(tool, more)).InvokeAsync(arguments)).Value().GetProperty("body");
}
