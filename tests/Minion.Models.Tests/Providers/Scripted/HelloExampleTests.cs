using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Minion.Models.Tests.Providers.Scripted;

/// <summary>The script of <c>examples/hello/cluster.yaml</c> does what its comments promise.</summary>
public sealed class HelloExampleTests
{
    private static readonly Script Hello = Read();

    [Theory]
    [InlineData("what is 17.5 % of 2,340 and what time is it in Tokyo?", """calculator {"expression":"17.5 / 100 * 2340"}""", """time {"place":"Tokyo"}""")]
    [InlineData("What time is it in New York and what is 5 percent of 20.", """time {"place":"New York"}""", """calculator {"expression":"5 / 100 * 20"}""")]
    [InlineData("what time is it in Saint-Pierre?", """time {"place":"Saint-Pierre"}""")]
    [InlineData("time in Europe/Berlin", """time {"place":"Europe/Berlin"}""")]
    [InlineData("What time is it in Paris, and what time is it in Rome now?", """time {"place":"Paris"}""", """time {"place":"Rome"}""")]
    [InlineData("what time is it?", "time {}")]
    [InlineData("What's the time", "time {}")]
    [InlineData("what is 12*(3+4)", """calculator {"expression":"12*(3+4)"}""")]
    [InlineData("12*(3+4)", """calculator {"expression":"12*(3+4)"}""")]
    [InlineData("What's (1.5 + 2) / 7?", """calculator {"expression":"(1.5 + 2) / 7"}""")]
    [InlineData("calculate -3^2 and what is 2+2", """calculator {"expression":"-3^2"}""", """calculator {"expression":"2+2"}""")]
    [InlineData("Note that the printer is out of paper.", """notes_add {"text":"the printer is out of paper"}""")]
    [InlineData("remember: milk and eggs", """notes_add {"text":"milk and eggs"}""")]
    [InlineData("Please note that v1.2 costs 15 % of 200! what is 1+1?", """notes_add {"text":"v1.2 costs 15 % of 200"}""", """calculator {"expression":"1+1"}""")]
    [InlineData("list my notes", "notes_list {}")]
    [InlineData("Show me all my notes please", "notes_list {}")]
    [InlineData("fetch https://example.com/a?b=c.", """http_fetch {"url":"https://example.com/a?b=c"}""")]
    [InlineData("Open http://localhost:5080/health, please", """http_fetch {"url":"http://localhost:5080/health"}""")]
    public void Questions_become_calls(string question, params string[] calls)
    {
        var conversation = Talk();

        conversation.Ask(question);

        conversation.Rounds.ShouldHaveSingleItem().ShouldBe(calls);
    }

    [Theory]
    [InlineData("what is 17.5 % of 2,340 and what time is it in Tokyo?", "17.5 % of 2,340 is 409.5. In Tokyo it is 23:05 on Saturday, 2026-01-31.")]
    [InlineData("note that the sky is blue", "I noted “the sky is blue”. That makes 1 in all.")]
    [InlineData("list my notes", "Your notes, 2 in all: the sky is blue, milk")]
    [InlineData("fetch https://example.com", "https://example.com answered with status 200: # Example")]
    public void Results_become_answers(string question, string answer) => Talk().Ask(question).ShouldBe(answer);

    [Theory]
    [InlineData("hi there")]
    [InlineData("Good morning!")]
    public void A_greeting_is_returned(string greeting) => Talk().Ask(greeting).ShouldStartWith("Hello!");

    [Theory]
    [InlineData("Who won the cup in 1998?")]
    [InlineData("what is love")]
    [InlineData("what is 10,000*3")]
    [InlineData("2026-01-31 was a nice day")]
    public void Anything_else_is_told_what_to_try(string question) => Talk().Ask(question).ShouldContain("Try: what is 17.5 % of 2,340");

    private static Conversation Talk() => new(Hello, Tool, "calculator", "time", "http_fetch", "notes_add", "notes_list");

    private static object Tool(string name, JsonElement arguments) => name switch
    {
        "calculator" => new { value = 409.5, text = "409.5" },
        "time" => new { time = "23:05", date = "2026-01-31", weekday = "Saturday", zone = "Asia/Tokyo", utc_offset = "+09:00", iso = "2026-01-31T23:05:00+09:00" },
        "http_fetch" => new { url = "https://example.com/", status = 200, content_type = "text/html", title = "", text = "# Example", truncated = false },
        "notes_add" => new { id = "n1", count = 1 },
        _ => new { notes = new[] { new { id = "n1", text = "the sky is blue" }, new { id = "n2", text = "milk" } }, count = 2 },
    };

    private static Script Read()
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Path.Combine(AppContext.BaseDirectory, "hello.yaml"));
        yaml.Load(reader);
        var model = (YamlMappingNode)((YamlSequenceNode)yaml.Documents[0].RootNode["models"]).Single();
        var parsing = Script.Parse(JsonSerializer.SerializeToElement(ToJson(model["script"])));
        parsing.Errors.ShouldBeEmpty();
        return parsing.Script!;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, ToJson(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(ToJson)]),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };
}
