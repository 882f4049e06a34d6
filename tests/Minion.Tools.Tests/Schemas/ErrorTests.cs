using System.Text.Json;
using Minion.Tools.Schemas;

namespace Minion.Tools.Tests.Schemas;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "1", "(the whole value) must be a string, but is an integer")]
    [InlineData("""{"type":["integer","null"]}""", "1.5", "(the whole value) must be an integer or null, but is a number")]
    [InlineData("""{"required":["a"]}""", "{}", "(the whole value) lacks the property 'a', which is required")]
    [InlineData("""{"properties":{"a/b":{"minLength":3}}}""", """{"a/b":"xy"}""", "/a~1b must have at least 3 characters, but has 2")]
    [InlineData("""{"items":{"maximum":3}}""", "[1,5]", "/1 must be at most 3")]
    [InlineData("""{"enum":["a",1]}""", "2", "(the whole value) must be one of \"a\", 1")]
    [InlineData("""{"properties":{"city":{}},"additionalProperties":false}""", """{"ciy":1}""", "/ciy is not allowed; city is (did you mean 'city'?)")]
    [InlineData("""{"additionalProperties":false}""", """{"a":1}""", "/a is not allowed; no properties are")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", "(the whole value) has the property 'ab', whose name must have at most 1 characters, but has 2")]
    [InlineData("""{"anyOf":[{"type":"string"},{"properties":{"a":{"type":"string"}}}]}""", """{"a":1}""", "(the whole value) fits none of the 2 alternatives; the closest is number 1: must be a string, but is an object")]
    [InlineData("""{"oneOf":[{"type":"number"},{"minimum":0}]}""", "1", "(the whole value) fits 2 of the 2 alternatives, but must fit exactly one")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "(the whole value) lacks the property 'b', which is required where 'a' is")]
    public void An_error_says_where_it_is_and_what_is_allowed(string schema, string instance, string error) =>
        JsonSchema.Parse(schema).Validate(JsonElement.Parse(instance)).Select(e => e.ToString()).ShouldBe([error]);

    [Fact]
    public void All_errors_are_said_at_once()
    {
        var schema = JsonSchema.Parse(
            """{"type":"object","properties":{"a":{"type":"string"},"b":{"minimum":1}},"required":["a","c"],"additionalProperties":false}""");

        var errors = schema.Validate(JsonElement.Parse("""{"a":1,"b":0,"d":2}"""));

        errors.Select(e => e.Path).ShouldBe(["", "/a", "/b", "/d"], ignoreOrder: true);
    }

    [Fact]
    public void Errors_are_bounded()
    {
        var instance = JsonElement.Parse($"[{string.Join(',', Enumerable.Repeat("1", 1000))}]");

        JsonSchema.Parse("""{"items":{"type":"string"}}""").Validate(instance).Count.ShouldBe(50);
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}""")]
    public void A_schema_that_refers_to_itself_without_end_ends(string schema) =>
        JsonSchema.Parse(schema).Validate(JsonElement.Parse("1")).ShouldHaveSingleItem().Message.ShouldContain("refers to itself without end");

    [Fact]
    public void A_schema_that_doubles_its_work_at_each_level_ends()
    {
        var levels = Enumerable.Range(0, 40).Select(i => $$"""
            "l{{i}}":{"allOf":[{"$ref":"#/$defs/l{{i + 1}}"},{"$ref":"#/$defs/l{{i + 1}}"}]}
            """);
        var schema = JsonSchema.Parse("{\"$ref\":\"#/$defs/l0\",\"$defs\":{" + string.Join(',', levels) + ",\"l40\":{\"type\":\"integer\"}}}");

        schema.Validate(JsonElement.Parse("1")).ShouldHaveSingleItem().Message.ShouldContain("too much work");
    }

    [Fact]
    public void A_pattern_that_would_backtrack_for_ever_ends()
    {
        var schema = JsonSchema.Parse("""{"pattern":"^(a+)+(?=b)$"}""");

        schema.IsValid(JsonElement.Parse($"\"{new string('a', 60)}\"")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"type":"text"}""", "/type 'text' is no type")]
    [InlineData("""{"minimum":"1"}""", "/minimum must be a number")]
    [InlineData("""{"minLength":-1}""", "/minLength must be an integer from 0")]
    [InlineData("""{"multipleOf":0}""", "/multipleOf must be more than 0")]
    [InlineData("""{"pattern":"("}""", "/pattern must be a regular expression")]
    [InlineData("""{"properties":{"a":1}}""", "/properties/a must be a schema")]
    [InlineData("""{"$ref":"#/$defs/missing"}""", "/$ref refers to '#/$defs/missing', which is not there")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "nothing is fetched")]
    [InlineData("{", "is no JSON")]
    public void What_is_no_schema_is_explained(string schema, string problem) =>
        Should.Throw<SchemaException>(() => JsonSchema.Parse(schema)).Message.ShouldContain(problem);

    [Fact]
    public void Everything_wrong_with_a_schema_is_said_at_once() =>
        Should.Throw<SchemaException>(() => JsonSchema.Parse("""{"type":"text","minLength":-1,"items":{"required":"a"}}""")).Errors.Count.ShouldBe(3);

    [Theory]
    [InlineData("0.1", "0.3", true)]
    [InlineData("1e-8", "12391239123", true)]
    [InlineData("0.01", "0.075", false)]
    [InlineData("1e300", "1e-2000000", true)]
    public void Multiples_are_exact(string step, string number, bool fits) =>
        JsonSchema.Parse($$"""{"multipleOf":{{step}}}""").IsValid(JsonElement.Parse(number)).ShouldBe(fits);
}
