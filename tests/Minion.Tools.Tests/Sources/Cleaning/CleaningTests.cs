using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Cleaning;
using Minion.Tools.Tests.Mcp;

namespace Minion.Tools.Tests.Sources.Cleaning;

/// <summary>What a source sends is not seen in what it says.</summary>
public sealed class CleaningTests
{
    private const string Secret = "pa\"ss/wo+rd & more";

    public static TheoryData<string> Forms => new(
        Secret,
        Uri.EscapeDataString(Secret),
        System.Net.WebUtility.HtmlEncode(Secret),
        JsonEncodedText.Encode(Secret).Value,
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Secret)),
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"ada:{Secret}")));

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_secret_is_hidden_in_the_forms_in_which_it_travels(string form) => Sent().Clean($"It is {form}!").Replace("=", "", StringComparison.Ordinal).ShouldBe("It is ***!");

    [Theory]
    [InlineData("""{"a":["x geheim-4711",1],"geheim-4711":null}""", """{"a":["x ***",1],"***":null}""")]
    [InlineData("""{"number":47114711}""", """{"number":"***"}""")]
    [InlineData("""{"a":"\ud800","b":"geheim-4711"}""", """{"a":"\ud800","b":"***"}""")]
    [InlineData("""{"a":"nothing"}""", """{"a":"nothing"}""")]
    public void Results_are_cleaned_wherever_it_stands(string result, string clean) =>
        new Cleaner(["geheim-4711", "47114711"]).Clean(JsonElement.Parse(result)).GetRawText().ShouldBe(clean);

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public void What_a_cut_leaves_of_a_secret_is_hidden_too(int before)
    {
        var text = new string('x', before);
        new Cleaner(["geheim-4711"]).Clean($"{text} geheim-47…").ShouldBe($"{text} ***…");
        new Cleaner(["geheim-4711"]).Clean($"{text} gehe…").ShouldBe($"{text} gehe…");
        new Cleaner(["geheim-4711"]).Clean($"{text} geheim-47… and so on, long{text}…").ShouldBe($"{text} ***… and so on, long{text}…");
    }

    [Fact]
    public void Short_words_are_let_be_and_what_is_not_set_is_not_looked_for() => new SentSecrets(
        JsonElement.Parse("""{"a":"${A_TOKEN}${B_TOKEN}","c":"${C_TOKEN}"}"""), new SecretReferences(name => name == "C_TOKEN" ? "short" : null).For("default")).Clean("in short").ShouldBe("in short");

    [Fact]
    public async Task Failures_and_questions_of_an_MCP_server_are_cleaned_and_so_is_how_it_is()
    {
        const string Ask = """printf '{"jsonrpc":"2.0","id":"e1","method":"elicitation/create","params":{"message":"Is it %s?","requestedSchema":{"type":"object","properties":{}}}}\n' "$PEER" """;
        await using var asking = Source(Ask);
        await using var telling = Source("text \"$PEER\"");
        await using var failing = Source("answer \"{\\\"isError\\\":true,\\\"content\\\":[{\\\"type\\\":\\\"text\\\",\\\"text\\\":\\\"bad $PEER\\\"}]}\"");
        await using var dying = Source("printf '%s' \"$PEER\" >&2; exit 1");

        var asked = (ToolInputRequired)await CallAsync(asking, "peer_do");
        asked.Requests.ShouldHaveSingleItem().Question.Message.ShouldBe("Is it ***?");
        (await CallAsync(telling, "peer_read")).Value().GetProperty("text").GetString().ShouldBe("***");
        (await CallAsync(failing, "peer_read")).Failure().Message.ShouldBe("bad ***");
        (await CallAsync(dying, "peer_do")).Failure().Message.ShouldContain("last words: ***");
        dying.Health.Detail.ShouldNotContain("geheim");
    }

    [Fact]
    public async Task How_far_an_MCP_server_is_is_cleaned_when_it_dies()
    {
        const string Progress = """
            token=$(printf '%s' "$line" | sed 's/.*"progressToken":"\([^"]*\)".*/\1/'); printf '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"%s","progress":1,"message":"with %s"}}\n' "$token" "$PEER"; exit 1
            """;
        await using var source = Source(Progress);

        (await CallAsync(source, "peer_do")).Failure().Message.ShouldContain("(at 1 with ***)");
    }

    [Fact]
    public async Task Lines_that_a_tool_tells_while_it_works_are_cleaned()
    {
        var lines = new Lines();
        var telling = new FakeTool(FakeTool.Describe(), (call, _) =>
        {
            call.Progress!.Report($"with {Secret}");
            return new(FakeTool.OkResult());
        });
        var call = new ToolCall(JsonElement.Parse("{}"), Callers.Ada, "", ToolCallOrigin.Direct) { Progress = lines };

        await new CleanedTool(telling, Sent(), Sent().Cleaner()).InvokeAsync(call, TestContext.Current.CancellationToken);

        lines.Told.ShouldBe(["with ***"]);
    }

    private sealed class Lines : IProgress<string>
    {
        public List<string> Told { get; } = [];

        public void Report(string value) => Told.Add(value);
    }

    private static SentSecrets Sent() => new(
        JsonElement.Parse("""{"auth":{"basic":{"username":"ada","password":"${X_PASSWORD}"}}}"""), new SecretReferences(name => name == "X_PASSWORD" ? Secret : null).For("default"));

    private static IToolSource Source(string onCall)
    {
        static string? Environment(string name) => name == "PEER_TOKEN" ? "geheim-4711" : null;
        return McpTesting.Kind(environment: Environment).Create(
            "peer", ShellServer.Settings(onCall, environment: new Dictionary<string, string> { ["PEER"] = "${PEER_TOKEN}" }), secrets: new SecretReferences(Environment));
    }

    private static async Task<ToolOutcome> CallAsync(IToolSource source, string name) => await (await source.ToolAsync(name)).CallAsync();
}
