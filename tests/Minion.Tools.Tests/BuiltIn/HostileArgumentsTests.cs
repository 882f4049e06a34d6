using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Minion.Data;
using Minion.Testing.Time;
using Minion.Tools.BuiltIn;
using Minion.Tools.BuiltIn.Http;
using Minion.Tools.BuiltIn.Notes;
using Minion.Tools.Network;
using Minion.Tools.Tests.BuiltIn.Files;

namespace Minion.Tools.Tests.BuiltIn;

/// <summary>Strings that break programs, as every text argument of every built-in tool: each call ends with a result or with a failure that says what to do.</summary>
public sealed class HostileArgumentsTests(ToolsDatabase fixture) : IClassFixture<ToolsDatabase>, IDisposable
{
    /// <summary>Valid arguments; each text in them is replaced by the hostile one in turn.</summary>
    private static readonly Dictionary<string, string[]> Valid = new(StringComparer.Ordinal)
    {
        ["calculator"] = ["""{"expression":"1"}"""],
        ["time"] = ["""{"place":"UTC"}"""],
        ["text"] =
        [
            """{"operation":"count","text":"a","find":"a"}""", """{"operation":"find","text":"a","find":"a","regex":true}""",
            """{"operation":"replace","text":"a","find":"a","replacement":"b","regex":true}""", """{"operation":"diff","text":"a","other":"b"}""",
            """{"operation":"slice","text":"a","start":-3,"end":2}""", """{"operation":"base64_decode","text":"a"}""",
            """{"operation":"url_decode","text":"a"}""", """{"operation":"sha256","text":"a"}""", """{"operation":"upper","text":"a"}""",
        ],
        ["json_query"] = ["""{"json":"{}","query":"$"}""", """{"json":{"a":"b"},"query":"$[?match(@,'b')]"}"""],
        ["http_fetch"] = ["""{"url":"http://example.com/","headers":{"x":"y"}}"""],
        ["http_get"] = ["""{"url":"http://example.com/","headers":{"x":"y"}}"""],
        ["notes_add"] = ["""{"text":"a"}"""],
        ["notes_list"] = ["""{}"""],
        ["file_read"] = ["""{"path":"a"}"""],
        ["file_write"] = ["""{"path":"a","text":"b","overwrite":true}"""],
        ["file_edit"] = ["""{"path":"a","edits":[{"old":"b","new":"b"}]}""", """{"path":"a","patch":"@@ -1 +1 @@\n-b\n+b"}"""],
        ["file_list"] = ["""{"path":".","pattern":"*"}"""],
        ["file_search"] = ["""{"query":"a","path":".","pattern":"*"}""", """{"query":"a","regex":true}"""],
    };

    private readonly FileHarness _files = new(options => options.MaxFiles = 100_000);
    private readonly SafeHttpClient _client = new(new AddressGuard(new NetworkOptions(), new NetworkCalls(
        (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("1.1.1.1")]), (_, _, _) => throw new IOException("nothing is connected to"))));

    public static TheoryData<string> Tools => [.. Valid.Keys];

    public void Dispose()
    {
        _files.Dispose();
        _client.Dispose();
    }

    [Fact]
    public void Every_built_in_tool_is_here() => Tools.Select(row => row.Data).ShouldBe(
        typeof(BuiltInTools).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false, Namespace: "Minion.Tools.BuiltIn" } && type.IsAssignableTo(typeof(ITool)))
            .Select(type => All().Single(tool => tool.GetType() == type).Description.Name),
        ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Tools))]
    public async Task Every_call_ends_well(string name)
    {
        var (results, failures) = (0, 0);
        foreach (var some in Strings().Chunk(100))
        {
            await SeedAsync(name);

            // One for some calls: nothing takes the records away, and there is room for so many.
            using var harness = new PipelineHarness([.. All().Where(tool => tool.Description.Name == name).Select(tool => new Impatient(tool))]);
            foreach (var arguments in some.SelectMany(hostile => Valid[name].SelectMany(valid => Replacing(JsonNode.Parse(valid)!, hostile))))
            {
                var outcome = (await harness.CallAsync(name, arguments, Callers.Ada with { Tenant = "hostile" })).Outcome;
                (results, failures) = outcome is ToolResult ? (results + 1, failures) : (results, failures + 1);
                if (outcome is not ToolResult)
                {
                    outcome.Failure().Message.ShouldNotContain("an error of its own", customMessage: arguments);
                }
            }
        }

        (results + failures).ShouldBeGreaterThan(name == "notes_list" ? 0 : 500);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {results} results, {failures} failures");
    }

    [Fact]
    public async Task Strings_come_back_unchanged()
    {
        var tools = All().ToDictionary(tool => tool.Description.Name, StringComparer.Ordinal);
        async Task<JsonElement> CallAsync(string tool, object arguments) => (await tools[tool].InvokeAsync(JsonSerializer.Serialize(arguments))).Value();
        foreach (var naughty in Naughty().Where(text => !text.Contains('\0')))
        {
            var encoded = (await CallAsync("text", new { operation = "base64_encode", text = naughty })).GetProperty("text").GetString();
            (await CallAsync("text", new { operation = "base64_decode", text = encoded })).GetProperty("text").GetString().ShouldBe(naughty);
            (await CallAsync("json_query", new { json = new { a = naughty }, query = "$.a" })).GetProperty("values")[0].GetString().ShouldBe(naughty);
            if (!naughty.Contains('\r', StringComparison.Ordinal))
            {
                await CallAsync("file_write", new { path = "naughty", text = naughty, overwrite = true });
                (await CallAsync("file_read", new { path = "naughty" })).GetProperty("text").GetString()!.TrimEnd('\n').ShouldBe(naughty.TrimEnd('\n'));
            }
        }
    }

    /// <summary>Something to read and change for those who call directly, as here.</summary>
    private async Task SeedAsync(string name)
    {
        if (name is "file_read" or "file_edit" or "file_search")
        {
            var write = new FileWriteTool(_files.Workspaces);
            (await write.InvokeAsync("""{"path":"a","text":"b\n","overwrite":true}""", Callers.Ada with { Tenant = "hostile" })).Value();
        }
    }

    private ITool[] All()
    {
        var notes = new NoteStore(fixture.Database.DataSource(DatabaseRoles.Tools), TimeProvider.System);
        return
        [
            new CalculatorTool(), new TimeTool(new ManualTime()), new TextTool(), new JsonQueryTool(),
            new HttpFetchTool(_client, Options.Create(new HttpFetchOptions())), new HttpGetTool(_client), new NotesAddTool(notes), new NotesListTool(notes),
            new FileReadTool(_files.Workspaces), new FileWriteTool(_files.Workspaces), new FileEditTool(_files.Workspaces),
            new FileListTool(_files.Workspaces), new FileSearchTool(_files.Workspaces),
        ];
    }

    private static IEnumerable<string> Strings() => Naughty()
        .Concat(File.ReadLines(SharedData.PathOf("bad-inputs/command_injection.txt")))
        .Concat(File.ReadLines(SharedData.PathOf("bad-inputs/command_injection_unix.txt")))
        .Concat(File.ReadLines(SharedData.PathOf("bad-inputs/template_injection.txt")))
        .Concat(["\0", "a\0b", "\u202e", new string('a', 5000), "\ufeff", "(((((((((((", "[[[[", "{", "\\"])
        .Distinct();

    private static string[] Naughty() => [.. JsonElement.Parse(File.ReadAllBytes(SharedData.PathOf("naughty-strings/blns.json"))).EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>The arguments with each of their texts replaced, one at a time.</summary>
    private static IEnumerable<string> Replacing(JsonNode arguments, string hostile)
    {
        var places = Texts(arguments).ToList();
        for (var i = 0; i < places.Count; i++)
        {
            var copy = arguments.DeepClone();
            Texts(copy).ElementAt(i).ReplaceWith(hostile);
            yield return copy.ToJsonString();
        }

        if (places.Count == 0)
        {
            yield return arguments.ToJsonString();
        }
    }

    private static IEnumerable<JsonNode> Texts(JsonNode node) => node switch
    {
        JsonObject members => members.Where(member => member.Key != "operation").SelectMany(member => Texts(member.Value!)),
        JsonArray items => items.SelectMany(item => Texts(item!)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value],
        _ => [],
    };

    /// <summary>The tool without retries: their pauses say nothing here.</summary>
    private sealed class Impatient(ITool tool) : ITool
    {
        public ToolDescription Description { get; } = tool.Description with { Policy = tool.Description.Policy with { Retries = 0 } };

        public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => tool.InvokeAsync(call, cancellationToken);
    }
}
