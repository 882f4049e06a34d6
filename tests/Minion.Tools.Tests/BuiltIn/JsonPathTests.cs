using System.Text;
using System.Text.Json;
using Minion.Tools.BuiltIn;
using Minion.Tools.BuiltIn.JsonPath;

namespace Minion.Tools.Tests.BuiltIn;

/// <summary>JSONPath as RFC 9535 has it.</summary>
public sealed class JsonPathTests
{
    private const string Shop =
        """
        {"items":[{"name":"pen","price":2,"tags":["a","b"]},{"name":"book","price":12.5,"tags":[]},{"name":"cap","price":null}],
         "owner":{"name":"Ada","a b":{"c":1},"'":2},"n":[0,1,2,3,4,5]}
        """;

    [Theory]
    [InlineData("$.owner.name", """["Ada"]""")]
    [InlineData("$['owner']['a b'].c", "[1]")]
    [InlineData("""$.owner["'"]""", "[2]")]
    [InlineData("""$.owner['\'']""", "[2]")]
    [InlineData("""$.owner['\u0061 b'].c""", "[1]")]
    [InlineData("$.items[*].name", """["pen","book","cap"]""")]
    [InlineData("$.items[-1].name", """["cap"]""")]
    [InlineData("$.items[0,1].price", "[2,12.5]")]
    [InlineData("$.n[1:3]", "[1,2]")]
    [InlineData("$.n[::2]", "[0,2,4]")]
    [InlineData("$.n[::-1]", "[5,4,3,2,1,0]")]
    [InlineData("$.n[-2:]", "[4,5]")]
    [InlineData("$.n[4:1:-2]", "[4,2]")]
    [InlineData("$.n[::0]", "[]")]
    [InlineData("$.n[9007199254740991]", "[]")]
    [InlineData("$..name", """["pen","book","cap","Ada"]""")]
    [InlineData("$..[0]", """[{"name":"pen","price":2,"tags":["a","b"]},"a",0]""")]
    [InlineData("$.items[?@.price < 10].name", """["pen"]""")]
    [InlineData("$.items[?@.price == 12.50].name", """["book"]""")]
    [InlineData("$.items[?@.price == null].name", """["cap"]""")]
    [InlineData("$.items[?!@.tags].name", """["cap"]""")]
    [InlineData("$.items[?@.tags && !(@.price > 3)].name", """["pen"]""")]
    [InlineData("$.items[?@.name == 'cap' || count(@.tags[*]) == 0].name", """["book","cap"]""")]
    [InlineData("$.items[?length(@.name) > 3].name", """["book"]""")]
    [InlineData("$.items[?match(@.name, '[a-c].*')].name", """["book","cap"]""")]
    [InlineData("$.items[?search(@.name, 'e')].name", """["pen"]""")]
    [InlineData("$.items[?value(@..tags[1]) == 'b'].name", """["pen"]""")]
    [InlineData("$.items[?@.name == $.items[1].name].price", "[12.5]")]
    [InlineData("$.n[?@ >= 4]", "[4,5]")]
    [InlineData("$[?@.missing == @.absent]", """[[{"name":"pen","price":2,"tags":["a","b"]},{"name":"book","price":12.5,"tags":[]},{"name":"cap","price":null}],{"name":"Ada","a b":{"c":1},"'":2},[0,1,2,3,4,5]]""")]
    [InlineData("$.nothing.at.all", "[]")]
    public void A_query_selects_values(string query, string values) => JsonElement.DeepEquals(
        JsonElement.Parse(values), JsonSerializer.SerializeToElement(Select(query).Select(node => node.Value))).ShouldBeTrue(
            JsonSerializer.Serialize(Select(query).Select(node => node.Value)));

    [Theory]
    [InlineData("", 1)]
    [InlineData("items", 1)]
    [InlineData("$.", 3)]
    [InlineData("$ ", 2)]
    [InlineData("$[", 3)]
    [InlineData("$['a", 5)]
    [InlineData("$[01]", 3)]
    [InlineData("$[-0]", 3)]
    [InlineData("$[9007199254740992]", 3)]
    [InlineData("$['\\x']", 5)]
    [InlineData("$['\\ud800']", 11)]
    [InlineData("$[?@.a = 1]", 8)]
    [InlineData("$[?1]", 5)]
    [InlineData("$[?@.* == 1]", 12)]
    [InlineData("$[?length(@.a)]", 15)]
    [InlineData("$[?match(@.a)]", 14)]
    [InlineData("$[?match(@.a, 'b') == true]", 27)]
    [InlineData("$[?nothing(@.a)]", 11)]
    [InlineData("$.a b", 4)]
    public void What_is_no_path_is_said_with_its_place(string query, int position) =>
        Should.Throw<PathError>(() => PathQuery.Parse(query)).Position.ShouldBe(position);

    [Fact]
    public void A_place_is_written_as_a_normalized_path() => Select("$.owner..*").Select(node => node.Path)
        .ShouldBe(["$['owner']['name']", "$['owner']['a b']", "$['owner']['\\'']", "$['owner']['a b']['c']"], ignoreOrder: true);

    [Fact]
    public void The_work_is_bounded()
    {
        var wide = JsonElement.Parse("[" + string.Join(',', Enumerable.Range(0, 2000)) + "]");

        Should.Throw<PathTooCostly>(() => PathQuery.Parse("$[?count($[*]) > @]").Select(wide, default));
        Should.Throw<PathError>(() => PathQuery.Parse(new StringBuilder("$[?").Append('(', 500).ToString()));
        Should.Throw<PathError>(() => PathQuery.Parse(new StringBuilder("$").Insert(1, "[?@", 500).ToString()));
    }

    [Fact]
    public async Task The_tool_takes_a_document_or_its_text()
    {
        var asValue = await new JsonQueryTool().InvokeAsync("""{"json":{"a":[1,"ü",null]},"query":"$.a[*]","limit":2,"paths":true}""");
        var asText = await new JsonQueryTool().InvokeAsync("""{"json":"{\"a\":[1,\"ü\",null]}","query":"$.a[2]"}""");

        asValue.Value().GetRawText().ShouldBe("""{"values":[1,"ü"],"count":3,"truncated":true,"paths":["$['a'][0]","$['a'][1]"]}""");
        asText.Value().GetRawText().ShouldBe("""{"values":[null],"count":1,"truncated":false}""");
        (await new JsonQueryTool().InvokeAsync("""{"json":"{a:1}","query":"$"}""")).Failure().Message.ShouldContain("no JSON");
        (await new JsonQueryTool().InvokeAsync("""{"json":{},"query":"$.["}""")).Failure().Message.ShouldContain("at position 3");
    }

    private static IReadOnlyList<PathNode> Select(string query) => PathQuery.Parse(query).Select(JsonElement.Parse(Shop), default);
}
