using Minion.Contracts.Tools.V1;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;

namespace Minion.Tools.Tests.Execution;

public sealed class TimeoutTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Deadline = Eventually.Patience;

    public static TheoryData<string> NeverReturning => ["awaits", "blocks", "ignores its token", "blocks on cancellation"];

    [Theory]
    [MemberData(nameof(NeverReturning))]
    public async Task A_tool_that_never_returns_times_out(string how)
    {
        using var release = new ManualResetEventSlim();
        using var harness = new PipelineHarness(new FakeTool(Describe(Effect.ReadOnly), (_, token) => NeverAsync(how, release, token)));

        var call = harness.CallAsync();
        await harness.Time.WaitForTimerAsync(due => due == Timeout).WaitAsync(Deadline);
        harness.Time.Advance(Timeout);
        var report = await call.WaitAsync(Deadline);
        release.Set();

        var failure = report.Outcome.Failure();
        failure.Kind.ShouldBe(Kind.TimedOut);
        failure.Message.ShouldBe("'fake' gave no result within 3 s.");
        failure.Retryable.ShouldBeTrue();
        report.Attempts.ShouldBe(1);
        report.Duration.ShouldBe(Timeout);
        harness.Records().ShouldHaveSingleItem().Outcome.ShouldBe("timed_out");
    }

    [Fact]
    public async Task A_side_effect_that_timed_out_may_have_happened()
    {
        using var harness = new PipelineHarness(new FakeTool(Describe(Effect.SideEffect), (_, token) => NeverAsync("awaits", release: null, token)));

        var call = harness.CallAsync();
        await harness.Time.WaitForTimerAsync(due => due == Timeout).WaitAsync(Deadline);
        harness.Time.Advance(Timeout);

        var failure = (await call.WaitAsync(Deadline)).Outcome.Failure();
        failure.Retryable.ShouldBeFalse();
        failure.Hint.ShouldContain("may have happened");
    }

    [Fact]
    public async Task A_tool_keeps_its_place_until_it_has_really_ended()
    {
        using var release = new ManualResetEventSlim();
        var description = Describe(Effect.ReadOnly, concurrency: 1);
        var first = true;
        using var harness = new PipelineHarness(new FakeTool(description, (_, token) =>
        {
            var block = first;
            first = false;
            return block ? NeverAsync("blocks", release, token) : new(FakeTool.OkResult());
        }));
        var abandoned = harness.CallAsync();
        await harness.Time.WaitForTimerAsync(due => due == Timeout).WaitAsync(Deadline);
        harness.Time.Advance(Timeout);
        (await abandoned.WaitAsync(Deadline)).Outcome.Failure().Kind.ShouldBe(Kind.TimedOut);

        var refused = harness.CallAsync();
        await harness.Time.WaitForTimerAsync(due => due == Timeout).WaitAsync(Deadline);
        harness.Time.Advance(Timeout);
        (await refused.WaitAsync(Deadline)).Outcome.Failure().Kind.ShouldBe(Kind.Busy);

        var waiting = harness.CallAsync();
        release.Set();
        (await waiting.WaitAsync(Deadline)).Outcome.ShouldBeOfType<ToolResult>();
    }

    [Fact]
    public async Task So_many_calls_run_at_a_time_and_no_more()
    {
        var (running, most) = (0, 0);
        var gate = new TaskCompletionSource();
        using var harness = new PipelineHarness(new FakeTool(Describe(Effect.ReadOnly, concurrency: 4), async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await gate.Task;
            Interlocked.Decrement(ref running);
            return FakeTool.OkResult();
        }));

        var calls = Enumerable.Range(0, 40).Select(_ => harness.CallAsync()).ToList();
        gate.SetResult();
        var reports = await Task.WhenAll(calls).WaitAsync(Deadline);

        reports.ShouldAllBe(report => report.Outcome is ToolResult);
        most.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task Waiting_calls_are_bounded()
    {
        var gate = new TaskCompletionSource();
        using var harness = new PipelineHarness(new FakeTool(Describe(Effect.ReadOnly, concurrency: 1), async (_, _) =>
        {
            await gate.Task;
            return FakeTool.OkResult();
        }));

        // So that calls come to their places in the order in which they are made.
        await harness.Registry.GetAsync(Callers.Ada.Tenant, TestContext.Current.CancellationToken);
        var calls = Enumerable.Range(0, 1 + 16 + 3).Select(_ => harness.CallAsync()).ToList();
        var refused = await Task.WhenAll(calls[^3..]).WaitAsync(Deadline);
        gate.SetResult();
        await Task.WhenAll(calls).WaitAsync(Deadline);

        refused.ShouldAllBe(report => report.Outcome.Failure().Kind == Kind.Busy);
    }

    private static ToolDescription Describe(Effect effect, int concurrency = 64) =>
        FakeTool.Describe(policy: new ToolPolicy(effect) { Timeout = Timeout, Concurrency = concurrency });

    private static async ValueTask<ToolOutcome> NeverAsync(string how, ManualResetEventSlim? release, CancellationToken token)
    {
        switch (how)
        {
            case "blocks":
                release!.Wait(CancellationToken.None);
                break;
            case "ignores its token":
                await Task.Run(() => release!.Wait(CancellationToken.None), CancellationToken.None);
                break;
            case "blocks on cancellation":
                token.Register(() => release!.Wait());
                await Task.Delay(System.Threading.Timeout.Infinite, token);
                break;
            default:
                await Task.Delay(System.Threading.Timeout.Infinite, token);
                break;
        }

        return FakeTool.OkResult();
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; seen = target)
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
