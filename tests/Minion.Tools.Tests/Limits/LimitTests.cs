using System.Text.Json;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Tests.Limits;

public sealed class LimitTests
{
    [Fact]
    public async Task The_same_call_is_answered_from_before_until_its_time_is_over()
    {
        var calls = 0;
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), (_, _) =>
        {
            calls++;
            return new(FakeTool.OkResult());
        })).With("fake", new Policy { CacheSeconds = 60, CostUsd = 0.5 });

        var first = await harness.CallAsync(PipelineHarness.Request("""{"n":1}"""));
        var second = await harness.CallAsync(PipelineHarness.Request("""{ "n": 1 }"""));
        await harness.CallAsync(PipelineHarness.Request("""{"n":2}"""));
        await harness.CallAsync(PipelineHarness.Request("""{"n":1}""", caller: Callers.Guest));
        await harness.CallAsync(PipelineHarness.Request("""{"n":1}""", caller: Callers.OfOtherTenant));
        calls.ShouldBe(4);
        harness.Time.Advance(TimeSpan.FromSeconds(61));
        await harness.CallAsync(PipelineHarness.Request("""{"n":1}"""));

        calls.ShouldBe(5);
        first.CostUsd.ShouldBe(0.5);
        second.Cached.ShouldBeTrue();
        second.CostUsd.ShouldBe(0);
        second.Json.ShouldBe(first.Json);
        harness.Records()[1].Decision.ShouldBe("cached");
    }

    [Fact]
    public async Task What_changes_something_and_what_fails_is_never_answered_from_before()
    {
        var calls = 0;
        using var harness = new PipelineHarness(
            new FakeTool(FakeTool.Describe("changes", new ToolPolicy(Effect.SideEffect)), (_, _) =>
            {
                calls++;
                return new(FakeTool.OkResult());
            }),
            new FakeTool(FakeTool.Describe("fails"), (_, _) =>
            {
                calls++;
                return new(ToolOutcome.Failed("No.", "Never."));
            })).With("*", new Policy { CacheSeconds = 60 });

        foreach (var tool in new[] { "changes", "changes", "fails", "fails" })
        {
            await harness.CallAsync(PipelineHarness.Request(tool: tool));
        }

        calls.ShouldBe(4);
    }

    [Fact]
    public async Task More_calls_than_the_rate_allows_are_refused_with_the_time_to_wait()
    {
        using var harness = new PipelineHarness(FakeTool.Ok()).With("fake", new Policy { Rate = new RateLimit { Calls = 2, PeriodSeconds = 30 } });

        await harness.CallAsync(PipelineHarness.Request());
        await harness.CallAsync(PipelineHarness.Request());
        var failure = (await harness.CallAsync(PipelineHarness.Request())).Outcome.Failure();

        failure.Kind.ShouldBe(Kind.Busy);
        failure.Retryable.ShouldBeTrue();
        failure.Hint.ShouldContain("30 s");
    }

    [Fact]
    public async Task A_long_result_is_kept_aside_and_the_cut_one_says_where()
    {
        var text = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"line {i}\n"));
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe() with { OutputSchema = "{}" }, (_, _) => new(FakeTool.Result(JsonSerializer.Serialize(new { text })))))
            .With("fake", new Policy { ResultLimit = 1000 });

        var report = await harness.CallAsync(PipelineHarness.Request());

        var (id, kept) = harness.Stores.Kept.ShouldHaveSingleItem();
        kept.ShouldBe(report.Whole);
        report.KeptId.ShouldBe(id);
        report.Json.ShouldContain($"read_result gives them, id {id}");
        report.Json.Length.ShouldBeLessThanOrEqualTo(1000);
    }

    [Fact]
    public async Task A_result_that_cannot_be_cut_says_where_it_can_be_read()
    {
        var numbers = string.Join(',', Enumerable.Range(0, 2_000));
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe() with { OutputSchema = """{"minItems":2000}""" }, (_, _) => new(FakeTool.Result($"[{numbers}]"))))
            .With("fake", new Policy { ResultLimit = 1000 });

        var report = await harness.CallAsync(PipelineHarness.Request());

        report.Outcome.Failure().Hint.ShouldContain($"read_result, id {harness.Stores.Kept.Keys.Single()}");
    }

    [Fact]
    public async Task A_failure_gets_the_hint_that_its_message_asks_for()
    {
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), (_, _) => new(ToolOutcome.Failed("Error 404: no such customer", "Look.")))).With(
            "fake",
            new Policy { ErrorHints = { new ErrorHint { Pattern = "quota", Hint = "Wait." }, new ErrorHint { Pattern = @"no such \w+", Hint = "Search for the customer first." } } });

        (await harness.CallAsync(PipelineHarness.Request())).Outcome.Failure().Hint.ShouldBe("Search for the customer first. Look.");
    }

    [Fact]
    public async Task A_tool_that_gives_nothing_or_remembers_too_much_fails()
    {
        using var harness = new PipelineHarness(
            new FakeTool(FakeTool.Describe("nothing"), (_, _) => new(new ToolResult(default))),
            new FakeTool(FakeTool.Describe("much"), (_, _) => new(new ToolInputRequired([new InputRequest { Id = "x" }], new string('x', 70_000)))));

        (await harness.CallAsync(PipelineHarness.Request(tool: "nothing"))).Outcome.Failure().Kind.ShouldBe(Kind.InvalidResult);
        (await harness.CallAsync(PipelineHarness.Request(tool: "much"))).Outcome.Failure().Kind.ShouldBe(Kind.InvalidResult);
    }

    [Fact]
    public async Task Results_of_untrusted_tools_and_untrusted_results_are_marked()
    {
        using var harness = new PipelineHarness(
            FakeTool.Ok(FakeTool.Describe("web") with { Untrusted = true }),
            FakeTool.Ok(FakeTool.Describe("own")),
            new FakeTool(FakeTool.Describe("once"), (_, _) => new(new ToolResult(JsonElement.Parse("""{"ok":true}""")) { Untrusted = true })))
            .With("own", new Policy { Untrusted = true });

        foreach (var tool in new[] { "web", "own", "once" })
        {
            (await harness.CallAsync(PipelineHarness.Request(tool: tool))).Untrusted.ShouldBeTrue();
        }

        harness.Records().ShouldAllBe(record => record.Untrusted);
    }
}
