using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;

namespace Minion.Tools.Tests.Execution;

public sealed class RepairTests
{
    private const string Schema =
        """
        {
          "type": "object",
          "properties": {
            "n": { "type": "integer", "minimum": 0 },
            "x": { "type": "number" },
            "on": { "type": "boolean" },
            "tags": { "type": "array", "items": { "type": "string" } },
            "counts": { "type": "array", "items": { "type": "integer" } },
            "unit": { "enum": ["celsius", "fahrenheit"] },
            "id": { "type": "string" },
            "inner": { "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["a"] },
            "optional": { "type": "string" }
          },
          "additionalProperties": false
        }
        """;

    [Theory]
    [InlineData("""{"n":"12"}""", """{"n":12}""", "/n")]
    [InlineData("""{"n":" 12 "}""", """{"n":12}""", "/n")]
    [InlineData("""{"x":"-1.5e3"}""", """{"x":-1.5e3}""", "/x")]
    [InlineData("""{"on":"True"}""", """{"on":true}""", "/on")]
    [InlineData("""{"tags":"a"}""", """{"tags":["a"]}""", "/tags")]
    [InlineData("""{"tags":"[\"a\",\"b\"]"}""", """{"tags":["a","b"]}""", "/tags")]
    [InlineData("""{"counts":["1",2]}""", """{"counts":[1,2]}""", "/counts/0")]
    [InlineData("""{"counts":"3"}""", """{"counts":[3]}""", "/counts")]
    [InlineData("""{"unit":"\"celsius\""}""", """{"unit":"celsius"}""", "/unit")]
    [InlineData("""{"unit":"Celsius"}""", """{"unit":"celsius"}""", "/unit")]
    [InlineData("""{"id":7}""", """{"id":"7"}""", "/id")]
    [InlineData("""{"id":["a"]}""", """{"id":"a"}""", "/id")]
    [InlineData("""{"inner":"{\"a\":1}"}""", """{"inner":{"a":1}}""", "/inner")]
    [InlineData("""{"inner":{"a":"1"}}""", """{"inner":{"a":1}}""", "/inner/a")]
    [InlineData("""{"optional":null}""", "{}", "/optional")]
    [InlineData("\"{\\\"n\\\":1}\"", """{"n":1}""", "")]
    public async Task A_common_slip_is_put_right_and_the_repair_is_recorded(string sent, string got, string path)
    {
        var seen = "";
        using var harness = Harness(call => seen = call.Arguments.GetRawText());

        var report = await harness.CallAsync(PipelineHarness.Request(sent));

        report.Outcome.ShouldBeOfType<ToolResult>();
        JsonElement.DeepEquals(JsonElement.Parse(seen), JsonElement.Parse(got)).ShouldBeTrue(seen);
        report.Repairs[0].Path.ShouldBe(path);
        report.Repairs.ShouldAllBe(repair => repair.What.Length > 0);
        harness.Records().ShouldHaveSingleItem().Repairs.ShouldBe(report.Repairs.Count);
    }

    [Fact]
    public async Task Several_slips_are_all_put_right()
    {
        using var harness = Harness(_ => { });

        var report = await harness.CallAsync(PipelineHarness.Request("""{"n":"1","on":"false","tags":"x","inner":"{\"a\":\"2\"}"}"""));

        report.Outcome.ShouldBeOfType<ToolResult>();
        report.Repairs.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("""{"n":"many"}""")]
    [InlineData("""{"n":"-1"}""")]
    [InlineData("""{"unit":"kelvin"}""")]
    [InlineData("""{"nothing":1}""")]
    [InlineData("""{"inner":{}}""")]
    [InlineData("\"text\"")]
    [InlineData("[{}]")]
    public async Task What_cannot_be_put_right_fails_with_its_place(string sent)
    {
        using var harness = Harness(_ => { });

        (await harness.CallAsync(PipelineHarness.Request(sent))).Outcome.Failure().Kind.ShouldBe(Kind.InvalidArguments);
    }

    [Theory]
    [InlineData("""{"n":1,"x":2,"on":true,"tags":["1"],"id":"7","optional":"null"}""")]
    [InlineData("""{"id":" spaces ","tags":["\"quoted\""]}""")]
    public async Task What_fits_is_never_touched(string sent)
    {
        var seen = "";
        using var harness = Harness(call => seen = call.Arguments.GetRawText());

        var report = await harness.CallAsync(PipelineHarness.Request(sent));

        seen.ShouldBe(sent);
        report.Repairs.ShouldBeEmpty();
    }

    private static PipelineHarness Harness(Action<ToolCall> seen) => new(new FakeTool(FakeTool.Describe() with { InputSchema = Schema }, (call, _) =>
    {
        seen(call);
        return new(FakeTool.OkResult());
    }));
}
