using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Trees;

/// <summary>Calls that are decisions about the run, as rules over a journal.</summary>
public sealed class EngineCallTests
{
    private static readonly (string, string) Ask = ("run_agent", """{"agent":"writer","input":"write"}""");
    private static readonly (string, string) Note = ("notes_add", "{}");

    [Fact]
    public void Calls_of_run_agent_start_children_together_before_other_tools_are_called()
    {
        var start = Next(Journal().Answer(1, "", Note, Ask, Ask)).ShouldBeOfType<StartChildren>();

        start.Step.ShouldBe(2);
        start.Children.Select(c => (c.Agent, c.Input, c.Call)).ShouldBe([("writer", "write", 1), ("writer", "write", 2)]);
    }

    [Fact]
    public void Other_tools_are_called_while_children_run_and_then_the_run_waits()
    {
        var journal = Started(Journal().Answer(1, "", Note, Ask), 1);
        Next(journal).ShouldBeOfType<CallTools>().Calls.ShouldHaveSingleItem().Request.Tool.ShouldBe("notes_add");
        Next(journal.Outcome(2, 0)).ShouldBeOfType<Wait>().Questions.ShouldBeEmpty();
    }

    [Fact]
    public void The_end_of_a_child_is_the_outcome_of_its_call()
    {
        var state = Ended(Started(Journal().Answer(1, "", Ask), 0), 0, "done").Fold();

        state.LastTurn!.Calls[0].Outcome!.Result.ShouldBe("""{"output":"done"}""");
        state.SignalSeq.ShouldBe(1);
        Rules.Next(new React(), state).ShouldBe(new CallModel(3, WithTools: true));
    }

    [Fact]
    public void A_child_that_could_not_be_started_is_a_failed_call()
    {
        var refused = new ChildEnded(Guid.NewGuid(), "writer", "writer", ChildEnded.Failed, null, new CallFailure("unknown_agent", "gone", ""));
        var state = Journal().Answer(1, "", Ask).Add(2, 0, 0, refused).Fold();

        state.LastTurn!.Calls[0].Outcome!.Failure!.Kind.ShouldBe("unknown_agent");
        state.Children.ShouldHaveSingleItem().Ended.ShouldNotBeNull();
    }

    [Fact]
    public void A_hand_off_ends_the_run_with_the_others_answer()
    {
        var journal = Journal("hand_off").Answer(1, "", ("hand_off", """{"agent":"billing","message":"money"}"""));
        var start = Next(journal).ShouldBeOfType<StartChildren>();

        start.Children.ShouldHaveSingleItem().SeesConversation.ShouldBeTrue();
        Next(Ended(Started(journal, 0), 0, "paid")).ShouldBe(new Finish("paid"));
    }

    [Fact]
    public void A_hand_off_that_fails_goes_back_to_the_model()
    {
        var journal = Journal("hand_off").Answer(1, "", ("hand_off", """{"agent":"billing","message":"money"}"""));
        Next(Ended(Started(journal, 0), 0, null)).ShouldBe(new CallModel(3, WithTools: true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"agent\":\"writer\"}")]
    [InlineData("{\"agent\":3,\"input\":\"x\"}")]
    [InlineData("not json")]
    public void Wrong_arguments_are_a_failure_that_the_model_sees(string arguments) =>
        Next(Journal().Answer(1, "", ("run_agent", arguments))).ShouldBeOfType<Settle>().Outcome.Failure!.Kind.ShouldBe("invalid_arguments");

    [Fact]
    public void A_call_of_it_by_an_agent_that_does_not_have_it_is_a_call_of_an_unknown_tool() =>
        Next(new Journals().Context().Answer(1, "", Ask)).ShouldBeOfType<CallTools>();

    private static Decision Next(Journals journal) => Rules.Next(new React(), journal.Fold());

    private static Journals Journal(string tool = "run_agent") =>
        new Journals().Add(0, 0, 0, new ContextRecorded(0, 0, "hash") { EngineTools = [tool] });

    private static Journals Started(Journals journal, int call) =>
        journal.Add(2, call, 0, new ChildStarted(ChildIds.Of(journal.RunId, 2, call), "writer", "writer", "write"));

    private static Journals Ended(Journals journal, int call, string? output) => journal.Add(
        2,
        call,
        0,
        new ChildEnded(
            ChildIds.Of(journal.RunId, 2, call), "writer", "writer", output is null ? ChildEnded.Failed : ChildEnded.Completed, output, output is null ? new("x", "y", "z") : null)
        {
            SignalSeq = 1,
        });
}
