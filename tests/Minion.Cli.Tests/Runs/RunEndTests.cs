using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Runs;

public sealed class RunEndTests
{
    [Theory]
    [InlineData(RunStatus.Completed, ExitCodes.Ok)]
    [InlineData(RunStatus.Failed, ExitCodes.Failed)]
    [InlineData(RunStatus.Cancelled, ExitCodes.Failed)]
    [InlineData(RunStatus.Running, ExitCodes.Ok)]
    public void The_end_of_a_run_is_an_exit_code(RunStatus status, int expected) => RunStates.ExitCode(new Run { Status = status }).ShouldBe(expected);

    [Fact]
    public void A_run_that_waits_for_a_person_has_an_exit_code_of_its_own() =>
        RunStates.ExitCode(new Run { Status = RunStatus.Waiting, Questions = { new Question() } }).ShouldBe(ExitCodes.Waits);

    [Fact]
    public void A_failed_run_says_why_and_what_to_do()
    {
        using var test = new TestTerminal();

        RunEnd.Show(test.Terminal, new Run { Id = "r1", Status = RunStatus.Failed, Error = new RunError { Message = "Too many steps.", Hint = "Allow more." } });

        test.Error.ShouldBe(
            "The run failed: Too many steps.\nAllow more.\nminion run show r1 shows what it did; minion run retry r1 goes on from there.\n");
        test.Out.ShouldBeEmpty();
    }

    [Fact]
    public void A_completed_run_says_nothing_more()
    {
        using var test = new TestTerminal();

        RunEnd.Show(test.Terminal, new Run { Status = RunStatus.Completed });

        (test.Out + test.Error).ShouldBeEmpty();
    }
}
