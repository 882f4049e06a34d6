using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;

namespace Minion.Tools.Tests.Idempotency;

/// <summary>What becomes of a call whose key was used before, without a database.</summary>
public sealed class CallOnceTests
{
    private static readonly Guid Run = Guid.CreateVersion7();

    [Theory]
    [InlineData(Effect.ReadOnly, 2)]
    [InlineData(Effect.Idempotent, 1)]
    [InlineData(Effect.SideEffect, 1)]
    public async Task A_call_that_comes_again_gets_the_result_of_the_first(Effect effect, int acted)
    {
        var tool = new Counter(effect);
        using var harness = new PipelineHarness(tool.Tool);

        var first = await harness.CallAsync(Request());
        var again = await harness.CallAsync(Request());

        tool.Calls.ShouldBe(acted);
        again.Json.ShouldBe(first.Json);
        again.Repeated.ShouldBe(acted == 1);
        harness.Records().Select(record => record.Decision).ShouldBe(["allowed", acted == 1 ? "repeated" : "allowed"]);
    }

    [Fact]
    public async Task Other_keys_tools_principals_and_direct_callers_are_other_calls()
    {
        var (one, two) = (new Counter(Effect.SideEffect), new Counter(Effect.SideEffect, "other"));
        using var harness = new PipelineHarness(one.Tool, two.Tool);
        var request = Request();

        await harness.CallAsync(request);
        await harness.CallAsync(request with { IdempotencyKey = "k2" });
        await harness.CallAsync(request with { Tool = "other" });
        await harness.CallAsync(request with { Caller = Callers.Guest });
        await harness.CallAsync(request with { Caller = Callers.OfOtherTenant });
        await harness.CallAsync(request with { Origin = request.Origin with { FromRun = false } });
        // A client of another service: that has no run, and shares the keys of direct callers.
        (await harness.CallAsync(request with { Origin = request.Origin with { RunId = null } })).Repeated.ShouldBeTrue();

        (one.Calls, two.Calls).ShouldBe((5, 1));
    }

    [Fact]
    public async Task A_key_that_was_used_for_something_else_is_refused()
    {
        var tool = new Counter(Effect.Idempotent);
        using var harness = new PipelineHarness(tool.Tool);

        await harness.CallAsync(Request("""{"n":1}"""));
        var other = (await harness.CallAsync(Request("""{"n":2}"""))).Outcome.Failure();
        var same = await harness.CallAsync(Request("""{ "n" : "1" }"""));

        (other.Kind, tool.Calls, same.Repeated).ShouldBe((Kind.InvalidArguments, 1, true));
        other.Hint.ShouldBe("Use a new key for a new call.");
    }

    [Fact]
    public async Task What_changed_nothing_can_be_called_again()
    {
        var tool = new Counter(Effect.SideEffect) { Outcome = ToolOutcome.FailedForNow("Not now.", "Later.") };
        using var harness = new PipelineHarness(tool.Tool);

        (await harness.CallAsync(Request())).Outcome.ShouldBeOfType<ToolFailure>();
        tool.Outcome = new ToolInputRequired([new InputRequest { Id = "q", Question = new QuestionRequest { Message = "Sure?" } }]);
        (await harness.CallAsync(Request())).Outcome.ShouldBeOfType<ToolInputRequired>();
        tool.Outcome = FakeTool.OkResult();
        (await harness.CallAsync(Request())).Outcome.ShouldBeOfType<ToolResult>();
        (await harness.CallAsync(Request())).Repeated.ShouldBeTrue();

        tool.Calls.ShouldBe(3);
    }

    [Theory]
    [InlineData(Effect.Idempotent, false, 2)]
    [InlineData(Effect.SideEffect, false, 1)]
    [InlineData(Effect.SideEffect, true, 2)]
    public async Task After_an_interruption_only_what_knows_its_key_or_what_a_person_has_decided_acts_again(Effect effect, bool again, int acted)
    {
        var tool = new Counter(effect) { Throws = true };
        using var harness = new PipelineHarness(tool.Tool);
        await harness.CallAsync(Request());
        tool.Throws = false;
        harness.Stores.Keyed.Count.ShouldBe(effect == Effect.SideEffect ? 1 : 0);

        var second = await harness.CallAsync(Request() with { Again = again });

        tool.Calls.ShouldBe(acted);
        if (acted == 1)
        {
            var failure = second.Outcome.Failure();
            (failure.Kind, failure.Undecided).ShouldBe((Kind.Failed, true));
        }
        else
        {
            second.Outcome.ShouldBeOfType<ToolResult>();
        }
    }

    [Fact]
    public async Task A_person_who_decides_for_another_try_gets_the_result_where_there_is_one()
    {
        var tool = new Counter(Effect.SideEffect);
        using var harness = new PipelineHarness(tool.Tool);
        await harness.CallAsync(Request());

        (await harness.CallAsync(Request() with { Again = true })).Repeated.ShouldBeTrue();

        tool.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_that_comes_meanwhile_waits_for_the_first()
    {
        var gate = new TaskCompletionSource();
        var tool = new Counter(Effect.SideEffect) { Gate = gate.Task };
        using var harness = new PipelineHarness(tool.Tool);

        var first = harness.CallAsync(Request());
        await tool.Begun.Task;
        var second = harness.CallAsync(Request());
        second.IsCompleted.ShouldBeFalse();
        gate.SetResult();

        (await first).Repeated.ShouldBeFalse();
        (await second).Repeated.ShouldBeTrue();
        tool.Calls.ShouldBe(1);
    }

    private static ToolRequest Request(string arguments = "{}")
    {
        var request = PipelineHarness.Request(arguments, agent: "clerk");
        return request with { IdempotencyKey = "k", Origin = request.Origin with { RunId = Run } };
    }

    private sealed class Counter(Effect effect, string name = "fake")
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public bool Throws { get; set; }

        public Task Gate { get; init; } = Task.CompletedTask;

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ToolOutcome Outcome { get; set; } = FakeTool.OkResult();

        public FakeTool Tool => new(FakeTool.Describe(name, new ToolPolicy(effect)), async (_, _) =>
        {
            Interlocked.Increment(ref _calls);
            Begun.TrySetResult();
            await Gate;
            return Throws ? throw new InvalidOperationException("broken") : Outcome;
        });
    }
}
