using Microsoft.Extensions.AI;
using Minion.Models.Cache;

namespace Minion.Models.Tests.Cache;

public sealed class EligibilityTests : CacheFixture
{
    private static readonly AIFunctionDeclaration Plain = AIFunctionFactory.CreateDeclaration("notes", "Notes.", AIJsonUtilities.CreateJsonSchema(typeof(string)));

    [Fact]
    public async Task Tools_with_side_effects_bypass_the_cache_unless_allowed_and_so_do_tools_that_say_nothing()
    {
        Upstream.Answer = _ => "x";
        var cache = Cache();
        foreach (var tool in new AITool[] { Plain, ToolEffects.Declare(Plain, sideEffect: true) })
        {
            await TwiceAsync(cache, Request(options: new ChatOptions { Tools = [tool] }));
        }

        Counted.ShouldBe(Enumerable.Repeat("bypass side_effects", 4));
        var allowed = Model(new CachePolicy { Mode = CacheMode.Exact, SideEffects = true });
        (await TwiceAsync(cache, Request(model: allowed, options: new ChatOptions { Tools = [Plain] }))).ShouldBe(1);
        (await TwiceAsync(cache, Request(options: new ChatOptions { Tools = [ToolEffects.Declare(Plain, sideEffect: false)] }))).ShouldBe(1);
    }

    [Theory]
    [InlineData("My name is Ada, what is yours?")]
    [InlineData("Write to ada@example.org about it")]
    [InlineData("Call +49 30 1234567 please")]
    [InlineData("What about DE02 1203 0000 0000 2020 51?")]
    [InlineData("my phone number is secret")]
    public async Task Personal_text_bypasses_the_cache(string question)
    {
        Upstream.Answer = _ => "x";

        (await TwiceAsync(Cache(), Request(question))).ShouldBe(2);

        Counted.ShouldBe(["bypass personal", "bypass personal"]);
    }

    [Theory]
    [InlineData("How many people lived in 1990 and in 2,340 towns?")]
    [InlineData("What is 17.5 % of 2,340 and what time is it in Tokyo?")]
    [InlineData("How do I change my password?")]
    public void Ordinary_questions_are_not_personal(string question) => PersonalText.IsIn(question).ShouldBeFalse();

    [Fact]
    public async Task Personal_context_bypasses_the_cache_and_where_allowed_belongs_to_one_principal()
    {
        Upstream.Answer = _ => "x";
        var cache = Cache();
        (await TwiceAsync(cache, Request(call: By() with { Personal = true }))).ShouldBe(2);

        var allowed = Model(new CachePolicy { Mode = CacheMode.Exact, Personal = true });
        (await TwiceAsync(cache, Request(model: allowed, call: By() with { Personal = true }))).ShouldBe(1);
        (await TwiceAsync(cache, Request(model: allowed, call: By(principal: "user:eve") with { Personal = true }))).ShouldBe(1);
        Upstream.Calls.ShouldBe(4);
    }

    [Fact]
    public async Task Calls_of_tools_are_kept_only_where_allowed()
    {
        var cache = Cache();
        var allowed = new CachePolicy { Mode = CacheMode.Exact, ToolCalls = true };
        foreach (var (policy, calls) in new[] { (new CachePolicy { Mode = CacheMode.Exact }, 2), (allowed, 1) })
        {
            for (var i = 0; i < calls; i++)
            {
                var asking = AskAsync(cache, Request(model: Model(policy)));
                var call = await Upstream.NextAsync();
                call.Parts.Writer.TryWrite(new ChatResponseUpdate(ChatRole.Assistant, [ToolCallArguments.ToCall("c1", "time", """{"place":"Tokyo"}""")]));
                call.End(ChatFinishReason.ToolCalls);
                await asking;
            }
        }

        var kept = await AskAsync(cache, Request(model: Model(allowed)));
        Upstream.Calls.ShouldBe(3);
        kept.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        ToolCallArguments.RawOf(kept.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ShouldHaveSingleItem()).ShouldBe("""{"place":"Tokyo"}""");
    }

    [Fact]
    public async Task Results_of_tools_are_answered_from_the_cache_only_where_allowed()
    {
        Upstream.Answer = _ => "x";
        var cache = Cache();
        ChatMessage[] Conversation(string id) =>
        [
            new(ChatRole.User, "go"),
            new(ChatRole.Assistant, [ToolCallArguments.ToCall(id, "time", "{}")]),
            new(ChatRole.Tool, [new FunctionResultContent(id, """{"time":"14:05"}""")]),
        ];

        (await TwiceAsync(cache, Request() with { Messages = Conversation("a") })).ShouldBe(2);
        var allowed = Request(model: Model(new CachePolicy { Mode = CacheMode.Exact, ToolCalls = true }));
        await AskAsync(cache, allowed with { Messages = Conversation("a") });
        HitOf(await AskAsync(cache, allowed with { Messages = Conversation("b") })).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_no_key_can_be_made_of_bypasses_the_cache()
    {
        Upstream.Answer = _ => "x";

        (await TwiceAsync(Cache(), Request(options: new ChatOptions { ConversationId = "kept elsewhere" }))).ShouldBe(2);

        Counted.ShouldBe(["bypass no_key", "bypass no_key"]);
    }

    private async Task<int> TwiceAsync(ResponseCache cache, Minion.Models.Pipeline.ChatRequest request)
    {
        var before = Upstream.Calls;
        await AskAsync(cache, request with { Report = new CallReport() });
        await AskAsync(cache, request with { Report = new CallReport() });
        return Upstream.Calls - before;
    }
}
