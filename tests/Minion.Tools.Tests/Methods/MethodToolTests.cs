using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Methods;
using Minion.Tools.Schemas;

namespace Minion.Tools.Tests.Methods;

public sealed class MethodToolTests
{
    [Fact]
    public async Task A_delegate_is_a_tool()
    {
        var tool = Tool((int first, double second, string unit = "kg") => $"{first + second} {unit}");
        tool.Description.InputSchema.ShouldBe(
            """{"type":"object","properties":{"first":{"type":"integer"},"second":{"type":"number"},"unit":{"type":"string","default":"kg"}},"required":["first","second"],"additionalProperties":false}""");
        (await tool.InvokeAsync("""{ "first": 1, "second": 2.5 }""")).Value().GetRawText().ShouldBe("""{"result":"3.5 kg"}""");
        (await tool.InvokeAsync("""{ "first": 1, "second": 2.5, "unit": "t" }""")).Value().GetRawText().ShouldBe("""{"result":"3.5 t"}""");
    }

    [Fact]
    public async Task Methods_of_a_class_are_tools_with_what_the_class_needs()
    {
        using var services = new ServiceCollection().AddSingleton(new Rates(1.1m)).AddTools<Money>().BuildServiceProvider();
        var tools = services.GetServices<ITool>().ToDictionary(tool => tool.Description.Name);
        tools.Keys.Order().ShouldBe(["convert", "forget", "whoami"]);

        var convert = tools["convert"];
        convert.Description.Policy.Effect.ShouldBe(Effect.ReadOnly);
        convert.Description.Policy.Permissions.ShouldBe(["money"]);
        (await convert.InvokeAsync("""{ "amount": { "value": 10, "currency": "euro" }, "notes": ["a"] }""")).Value().GetRawText()
            .ShouldBe("""{"value":11.0,"currency":"dollar","notes":["a"]}""");
        (await tools["whoami"].InvokeAsync("{}", Callers.Guest)).Value().GetRawText().ShouldBe("""{"result":"user:guest"}""");
        (await tools["forget"].InvokeAsync("{}", key: "k")).Value().GetRawText().ShouldBe("""{"done":true}""");
    }

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "amount": { "value": 1, "currency": "yen" } }""")]
    [InlineData("""{ "amount": { "value": 1 } }""")]
    [InlineData("""{ "amount": { "value": 1, "currency": "euro" }, "notes": ["", "2", "3", "4"] }""")]
    [InlineData("""{ "amount": { "value": -1, "currency": "euro" } }""")]
    public void The_schema_holds_what_types_and_annotations_say(string arguments)
    {
        using var services = new ServiceCollection().AddSingleton(new Rates(1)).AddTools<Money>().BuildServiceProvider();
        var schema = services.GetServices<ITool>().Single(tool => tool.Description.Name == "convert").Description.InputSchema;
        JsonSchema.Parse(schema).IsValid(JsonElement.Parse(arguments)).ShouldBeFalse(schema);
        schema.ShouldContain("What is to be converted.");
    }

    [Fact]
    public async Task Types_that_contain_themselves_and_every_way_to_return_work()
    {
        (await Tool((Node node) => node).InvokeAsync("""{ "node": { "name": "a", "next": [{ "name": "b", "next": [] }] } }""")).Value().GetRawText()
            .ShouldBe("""{"name":"a","next":[{"name":"b","next":[]}]}""");
        (await Tool((Node[] nodes) => nodes.Length).InvokeAsync("""{ "nodes": [{ "name": "a", "next": [{ "name": "b", "next": [] }] }] }""")).Value().GetRawText().ShouldBe("""{"result":1}""");
        (await Tool(async () =>
        {
            await Task.Yield();
            return 1;
        }).InvokeAsync("{}")).Value().GetRawText().ShouldBe("""{"result":1}""");
        (await Tool(async () => await Task.Yield()).InvokeAsync("{}")).Value().GetRawText().ShouldBe("""{"done":true}""");
        (await Tool(() => ValueTask.FromResult<string?>(null)).InvokeAsync("{}")).Value().GetRawText().ShouldBe("""{"result":null}""");
        (await Tool(() => ValueTask.CompletedTask).InvokeAsync("{}")).Value().GetRawText().ShouldBe("""{"done":true}""");
        (await Tool(ToolOutcome () => ToolOutcome.Failed("No.", "Ask again.")).InvokeAsync("{}")).Failure().Hint.ShouldBe("Ask again.");
        (await Tool((ToolCall call, CancellationToken token) => call.IdempotencyKey).InvokeAsync("{}", key: "k1")).Value().GetRawText().ShouldBe("""{"result":"k1"}""");
    }

    [Fact]
    public async Task What_no_schema_says_is_refused_with_the_argument_named()
    {
        (await Tool((byte n) => n).InvokeAsync("""{ "n": 300 }""")).Failure().Message.ShouldContain("'n'");
        (await Tool((DateTimeOffset at) => at).InvokeAsync("""{ "at": "tomorrow" }""")).Failure().Kind.ShouldBe(Failure.Types.Kind.InvalidArguments);
    }

    [Fact]
    public async Task An_exception_is_the_pipelines()
    {
        await Should.ThrowAsync<TimeoutException>(async () => await Tool(int () => throw new TimeoutException()).InvokeAsync("{}"));
        await Should.ThrowAsync<TimeoutException>(async () => await Tool(async Task<int> () =>
        {
            await Task.Yield();
            throw new TimeoutException();
        }).InvokeAsync("{}"));
    }

    [Fact]
    public void A_class_without_tools_is_refused() => Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddTools<Rates>());

    private static ITool Tool(Delegate method)
    {
        using var services = new ServiceCollection().AddTool(new ToolAttribute("tool", "A tool."), method).BuildServiceProvider();
        return services.GetRequiredService<ITool>();
    }

    public sealed record Rates(decimal Dollar);

    public sealed record Amount([property: Range(0, 1_000_000)] decimal Value, Currency Currency);

    public sealed record Converted(decimal Value, Currency Currency, string[] Notes);

    public enum Currency
    {
        Euro,
        Dollar,
    }

    public sealed record Node(string Name, List<Node> Next);

    public sealed class Money(Rates rates)
    {
        [Tool("convert", "Converts money.", Effect = Effect.ReadOnly, Permissions = ["money"])]
        public Task<Converted> ConvertAsync([Description("What is to be converted.")] Amount amount, [MaxLength(3)] string[]? notes = null) =>
            Task.FromResult(new Converted(amount.Value * rates.Dollar, Currency.Dollar, notes ?? []));

        [Tool("whoami", "Tells who calls.", Effect = Effect.ReadOnly)]
        public static string Whoami(Caller caller) => caller.Principal;

        [Tool("forget", "Forgets everything.")]
        public void Forget(CancellationToken cancellationToken) => cancellationToken.ThrowIfCancellationRequested();

        public void NoTool()
        {
        }
    }
}
