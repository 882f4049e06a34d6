using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

public sealed class RulesTests
{
    private static readonly (string, string) Note = ("notes_add", "{}");

    [Fact]
    public void A_new_run_calls_the_model_with_its_tools() =>
        Next(new Journals()).ShouldBe(new CallModel(1, WithTools: true));

    [Fact]
    public void A_direct_run_calls_the_model_without_tools_and_finishes_with_its_answer()
    {
        Rules.Next(new Direct(), new Journals().Fold()).ShouldBe(new CallModel(1, WithTools: false));
        Rules.Next(new Direct(), new Journals().Context().Answer(1, "hi").Fold()).ShouldBe(new Finish("hi"));
    }

    [Fact]
    public void An_answer_without_calls_ends_the_run() => Next(new Journals().Context().Answer(1, "hi")).ShouldBe(new Finish("hi"));

    [Fact]
    public void Calls_of_an_answer_are_made_together_in_the_next_step()
    {
        var decision = Next(new Journals().Answer(1, "", Note, Note)).ShouldBeOfType<CallTools>();
        decision.Calls.Select(c => (c.Step, c.Request.Call)).ShouldBe([(2, 0), (2, 1)]);
    }

    [Fact]
    public void Only_calls_without_an_outcome_are_made_after_a_crash()
    {
        var decision = Next(new Journals().Answer(1, "", Note, Note, Note).Outcome(2, 0).Outcome(2, 2)).ShouldBeOfType<CallTools>();
        decision.Calls.ShouldHaveSingleItem().Request.Call.ShouldBe(1);
    }

    [Fact]
    public void The_model_is_called_again_when_all_calls_have_an_outcome() =>
        Next(new Journals().Answer(1, "", Note, Note).Outcome(2, 0).Outcome(2, 1)).ShouldBe(new CallModel(3, WithTools: true));

    [Fact]
    public void An_intent_without_outcome_of_a_tool_that_is_not_idempotent_becomes_a_question()
    {
        var decision = Next(new Journals().Answer(1, "", Note).Intent(2, 0, repeatable: false)).ShouldBeOfType<Ask>();
        decision.Calls.ShouldHaveSingleItem().Step.ShouldBe(2);
    }

    [Fact]
    public void An_intent_without_outcome_of_an_idempotent_tool_is_made_again_with_the_same_key()
    {
        var journal = new Journals().Answer(1, "", Note).Intent(2, 0, repeatable: true);
        var call = Next(journal).ShouldBeOfType<CallTools>().Calls.ShouldHaveSingleItem();
        call.Key(journal.RunId).ShouldBe(call.Intent!.Key);
    }

    [Fact]
    public void A_run_waits_while_its_question_is_open() =>
        Next(new Journals().Answer(1, "", Note).Intent(2, 0, repeatable: false).Question(2, 0)).ShouldBeOfType<Wait>()
            .Questions.ShouldHaveSingleItem().Id.ShouldBe("2.0.1");

    [Fact]
    public void What_a_person_says_was_done_becomes_the_outcome()
    {
        var decision = Next(Asked().Reply(2, 0, "done", "It is there.")).ShouldBeOfType<Settle>();
        decision.Outcome.Result.ShouldBe("""{"said_by_person":"It is there."}""");
        decision.Outcome.DecidedBy.ShouldBe(CallReturned.ByPerson);
    }

    [Fact]
    public void What_a_person_leaves_out_becomes_a_failure_that_the_model_sees() =>
        Next(Asked().Reply(2, 0, "skip")).ShouldBeOfType<Settle>().Outcome.Failure!.Kind.ShouldBe("skipped");

    [Fact]
    public void A_call_is_made_again_when_a_person_says_so() =>
        Next(Asked().Reply(2, 0, "retry")).ShouldBeOfType<CallTools>().Calls.ShouldHaveSingleItem().Request.Call.ShouldBe(0);

    [Fact]
    public void A_second_crash_after_a_retry_asks_again()
    {
        var journal = Asked().Reply(2, 0, "retry").Intent(2, 0, repeatable: false, attempt: 2).Question(2, 0, attempt: 2);
        Next(journal).ShouldBeOfType<Wait>().Questions.ShouldHaveSingleItem().Id.ShouldBe("2.0.2");
    }

    [Fact]
    public void A_crash_after_the_second_intent_asks_a_new_question() =>
        Next(Asked().Reply(2, 0, "retry").Intent(2, 0, repeatable: false, attempt: 2)).ShouldBeOfType<Ask>();

    [Fact]
    public void A_cancel_ends_the_run_whatever_is_open() =>
        Next(new Journals().Answer(1, "", Note).Intent(2, 0, repeatable: false).Cancel()).ShouldBe(new Stop("enough", "user:ada"));

    [Fact]
    public void Steps_are_limited()
    {
        var journal = new Journals { Limits = new RunLimits(2, 0, 900) }.Answer(1, "", Note).Outcome(2, 0);
        Next(journal).ShouldBeOfType<Fail>().Reason.ShouldBe("limit_exceeded");
    }

    [Fact]
    public void An_answer_within_the_last_step_still_ends_the_run_well() =>
        Next(new Journals { Limits = new RunLimits(1, 0, 900) }.Answer(1, "done")).ShouldBe(new Finish("done"));

    [Fact]
    public void A_round_of_calls_beyond_the_limit_is_not_begun() =>
        Next(new Journals { Limits = new RunLimits(1, 0, 900) }.Answer(1, "", Note)).ShouldBeOfType<Fail>().Message.ShouldContain("max_steps");

    [Fact]
    public void Tokens_are_limited() =>
        Next(new Journals { Limits = new RunLimits(50, 15, 900) }.Answer(1, "", Note).Outcome(2, 0)).ShouldBeOfType<Fail>().Message.ShouldContain("max_tokens");

    [Fact]
    public void A_retried_run_goes_on_with_a_new_step_and_new_steps_to_use()
    {
        var journal = new Journals { Limits = new RunLimits(2, 0, 900) }.Answer(1, "", Note).Outcome(2, 0).Failed(3).Retry();
        Next(journal).ShouldBe(new CallModel(4, WithTools: true));
    }

    [Theory]
    [InlineData("content_filter", "", "refused_by_model")]
    [InlineData("length", "", "answer_too_long")]
    [InlineData("stop", "", "empty_answer")]
    public void An_answer_that_says_nothing_fails_with_its_reason(string finish, string text, string reason)
    {
        var journal = new Journals().Add(1, 0, 1, new ModelAnswered(text, [], finish, "m", "p", "h", Reasoning: null));
        Next(journal).ShouldBeOfType<Fail>().Reason.ShouldBe(reason);
    }

    [Fact]
    public void Every_prefix_of_a_journal_leads_to_the_same_decision_each_time()
    {
        var entries = Asked().Reply(2, 0, "retry").Intent(2, 0, repeatable: false, attempt: 2).Outcome(2, 0).Answer(3, "done").Entries;
        for (var length = 0; length <= entries.Count; length++)
        {
            Describe(Fold(entries, length)).ShouldBe(Describe(Fold(entries, length)));
        }
    }

    private static RunState Fold(IReadOnlyList<Entry> entries, int length)
    {
        var state = new RunState(Guid.Empty, new RunLimits(50, 0, 900), Journals.Start);
        entries.Take(length).ToList().ForEach(state.Apply);
        return state;
    }

    private static string Describe(RunState state) => Rules.Next(new React(), state) switch
    {
        CallTools calls => $"call {string.Join(' ', calls.Calls.Select(c => $"{c.Step}.{c.Request.Call}"))}",
        Ask ask => $"ask {string.Join(' ', ask.Calls.Select(c => $"{c.Step}.{c.Request.Call}"))}",
        var other => other.ToString()!,
    };

    private static Journals Asked() => new Journals().Answer(1, "", Note).Intent(2, 0, repeatable: false).Question(2, 0);

    private static Decision Next(Journals journal) => Rules.Next(new React(), journal.Fold());
}
