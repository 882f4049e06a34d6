using System.Net.Http;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;

namespace Minion.Tools.Tests.Execution;

public sealed class RetryTests
{
    private static readonly ToolOutcome Passing = ToolOutcome.FailedForNow("It did not work.", "Try again.");

    [Theory]
    [InlineData(Effect.ReadOnly)]
    [InlineData(Effect.Idempotent)]
    public async Task A_failure_that_may_pass_is_tried_again(Effect effect)
    {
        var calls = 0;
        using var harness = Harness(effect, retries: 3, () => ++calls < 3 ? Passing : FakeTool.OkResult());

        var report = await RunAsync(harness);

        report.Outcome.ShouldBeOfType<ToolResult>();
        report.Attempts.ShouldBe(3);
        harness.Records().ShouldHaveSingleItem().Attempts.ShouldBe(3);
    }

    [Fact]
    public async Task Attempts_are_bounded()
    {
        using var harness = Harness(Effect.ReadOnly, retries: 2, () => Passing);

        var report = await RunAsync(harness);

        report.Outcome.ShouldBe(Passing);
        report.Attempts.ShouldBe(3);
    }

    [Fact]
    public async Task A_failure_that_stays_is_not_tried_again()
    {
        using var harness = Harness(Effect.ReadOnly, retries: 3, () => ToolOutcome.Failed("No.", "Do something else."));

        (await harness.CallAsync()).Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task A_passing_error_that_is_thrown_is_tried_again()
    {
        var calls = 0;
        using var harness = Harness(Effect.ReadOnly, retries: 1, () => ++calls < 2 ? throw new HttpRequestException("no route") : FakeTool.OkResult());

        (await RunAsync(harness)).Attempts.ShouldBe(2);
    }

    [Theory]
    [InlineData(typeof(HttpRequestException), true)]
    [InlineData(typeof(IOException), true)]
    [InlineData(typeof(TimeoutException), true)]
    [InlineData(typeof(InvalidOperationException), false)]
    [InlineData(typeof(ArgumentException), false)]
    public void Some_errors_pass(Type type, bool passes)
    {
        var exception = (Exception)Activator.CreateInstance(type)!;

        TransientErrors.Has(exception).ShouldBe(passes);
        TransientErrors.Has(new InvalidOperationException("outer", exception)).ShouldBe(passes);
    }

    [Fact]
    public async Task A_side_effect_that_broke_off_may_have_happened()
    {
        using var harness = Harness(Effect.SideEffect, retries: 0, () => throw new IOException("the connection broke"));

        var failure = (await RunAsync(harness)).Outcome.ShouldBeOfType<ToolFailure>();

        failure.Hint.ShouldBe("It may have happened all the same: look before you call it again.");
        failure.Retryable.ShouldBeFalse();
    }

    [Fact]
    public void Retries_of_a_side_effect_are_no_policy() =>
        Should.Throw<InvalidOperationException>(() => Harness(Effect.SideEffect, retries: 1, () => Passing))
            .Message.ShouldContain("Policy.Retries must be 0 for a tool that changes something at each call");

    private static PipelineHarness Harness(Effect effect, int retries, Func<ToolOutcome> outcome) =>
        new(new FakeTool(FakeTool.Describe(policy: new ToolPolicy(effect) { Retries = retries }), (_, _) => new(outcome())));

    /// <summary>Lets the pauses between attempts pass; they are shorter than an attempt may take, which is left alone.</summary>
    private static async Task<ToolReport> RunAsync(PipelineHarness harness)
    {
        var call = harness.CallAsync();
        while (true)
        {
            var pause = harness.Time.WaitForTimerAsync(left => left < TimeSpan.FromSeconds(5));
            if (await Task.WhenAny(call, pause) == call)
            {
                return await call;
            }

            harness.Time.Advance(await pause);
        }
    }
}
