using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;
using static Minion.Cli.Tests.Runs.Entries;

namespace Minion.Cli.Tests.Runs;

public sealed class ConversationViewTests
{
    [Fact]
    public void Tool_calls_and_their_results_are_shown_and_then_the_answer() => Shown(
        isTerminal: false,
        Calls(1, ("calculator", "{\"expression\":\"1+1\"}"), ("time", "{\"place\":\"Tokyo\"}")).Part(),
        Result(2, 1, "time", "{\"time\":\"14:05\"}").Part(),
        Fails(2, 0, "calculator", "cannot").Part(),
        Says(3, "In Tokyo it is 14:05.").Part(),
        Completed("In Tokyo it is 14:05.").Part()).ShouldBe("""
              → calculator {"expression":"1+1"}
              → time {"place":"Tokyo"}
              ← time {"time":"14:05"}
              ✗ calculator: cannot
            In Tokyo it is 14:05.

            """);

    [Fact]
    public void The_answer_streams_and_is_not_repeated_when_it_is_finished() => Shown(
        isTerminal: true,
        Delta(1, 0, "In To"),
        Delta(1, 5, "kyo it"),
        Says(1, "In Tokyo it is 14:05.").Part(),
        Completed("In Tokyo it is 14:05.").Part()).ShouldBe("In Tokyo it is 14:05.\n");

    [Fact]
    public void Pieces_that_come_again_after_a_reconnection_are_shown_once() => Shown(
        isTerminal: true,
        Delta(1, 0, "In Tokyo"),
        Delta(1, 0, "In To"),
        Delta(1, 3, "Tokyo it is"),
        Says(1, "In Tokyo it is 14:05.").Part()).ShouldBe("In Tokyo it is 14:05.\n");

    [Fact]
    public void A_piece_that_does_not_follow_waits_for_the_finished_answer() => Shown(
        isTerminal: true,
        Delta(1, 8, " it is"),
        Says(1, "In Tokyo it is 14:05.").Part()).ShouldBe("In Tokyo it is 14:05.\n");

    [Fact]
    public void Two_attempts_are_never_spliced() => Shown(
        isTerminal: true,
        Delta(1, 0, "The first"),
        new WatchRunResponse { Restarted = new Restarted { Step = 1, Attempt = 2, Epoch = 2 } },
        Delta(1, 0, "Another answer", attempt: 2, epoch: 2),
        Says(1, "Another answer.").Part()).ShouldBe("The first\n  (the answer starts again)\nAnother answer.\n");

    [Fact]
    public void A_new_epoch_is_a_new_answer_even_when_nobody_says_so() => Shown(
        isTerminal: true,
        Delta(1, 0, "The first"),
        Delta(1, 0, "Second", epoch: 2),
        Says(1, "Second").Part()).ShouldBe("The first\n  (the answer starts again)\nSecond\n");

    [Fact]
    public void What_a_tool_says_while_it_works_is_shown_line_by_line_and_once() => Shown(
        isTerminal: true,
        Calls(1, ("shell", "{}")).Part(),
        Printed(1, "one\ntwo \e[2J"),
        Printed(1, "one\ntwo \e[2J"),
        Printed(2, "three"),
        Result(1, 0, "shell", "{}").Part()).ShouldBe("""
              → shell {}
                │ one
                │ two \ufffd[2J
                │ three
              ← shell {}

            """.Replace("\\ufffd", "\ufffd", StringComparison.Ordinal));

    [Fact]
    public void An_answer_that_no_model_said_is_shown_at_the_end() => Shown(isTerminal: false, Completed("Forty-two.").Part()).ShouldBe("Forty-two.\n");

    [Fact]
    public void An_attempt_that_failed_is_told() => Shown(
        isTerminal: false,
        new Entry { AttemptFailed = new AttemptFailedEntry { Message = "The model did not answer." } }.Part()).ShouldBe("  … trying again: The model did not answer.\n");

    [Fact]
    public void What_a_model_writes_cannot_steer_the_terminal() => Shown(isTerminal: true, Delta(1, 0, "\e[2J"), Says(1, "\e[2J!").Part()).ShouldNotContain("\e[2J");

    private static string Shown(bool isTerminal, params WatchRunResponse[] parts)
    {
        using var test = new TestTerminal(isTerminal: isTerminal, environment: ("NO_COLOR", "1"));
        var view = new ConversationView(test.Terminal);
        view.WantsDeltas.ShouldBe(isTerminal);
        foreach (var part in parts)
        {
            view.Show(part);
        }

        return test.Out;
    }
}
