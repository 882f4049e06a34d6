using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Behaviours;

/// <summary>What people are asked, and what becomes of their answers and of none: journal in, decision out.</summary>
public sealed class AskingTests
{
    private static readonly (string, string) Note = ("notes_add", "{}");
    private static readonly ApprovalTerms Always = new(ApprovalTerms.Always, TimeoutSeconds: null, OnTimeout: null, Assignee: null, EscalateTo: null);
    private static readonly ApprovalTerms FirstTime = Always with { When = ApprovalTerms.FirstTime };

    [Fact]
    public void A_call_that_needs_approval_is_asked_about_before_its_intent() =>
        Next(new Journals().AnswerToApprove(1, Always, Note)).ShouldBeOfType<Ask>().Calls.ShouldHaveSingleItem().Intent.ShouldBeNull();

    [Fact]
    public void While_it_is_open_the_run_waits_until_its_time_is_over()
    {
        var due = Journals.Start.AddHours(1);
        var wait = Next(Asked(due)).ShouldBeOfType<Wait>();
        wait.Questions.ShouldHaveSingleItem();
        wait.Until.ShouldBe(due);
    }

    [Fact]
    public void What_needs_no_approval_goes_on_meanwhile()
    {
        var journal = new Journals().AnswerToApprove(1, Always, Note, Note).AskToApprove(2, 0).AskToApprove(2, 1).Reply(2, 1, "approve", attempt: 0);
        Next(journal).ShouldBeOfType<CallTools>().Calls.ShouldHaveSingleItem().Request.Call.ShouldBe(1);
    }

    [Fact]
    public void An_approved_call_is_made() =>
        Next(Asked().Reply(2, 0, "approve", attempt: 0)).ShouldBeOfType<CallTools>().Calls.ShouldHaveSingleItem().IsApproved.ShouldBeTrue();

    [Fact]
    public void An_edited_call_is_made_with_what_the_person_wrote()
    {
        var journal = Asked().Add(0, 0, 0, new SignalReceived(1, "answer/x", SignalReceived.Answer, "2.0.0", "approve", Text: null, "user:ada")
        {
            Arguments = """{"text":"other"}""",
        });
        Next(journal).ShouldBeOfType<CallTools>().Calls.ShouldHaveSingleItem().Arguments.ShouldBe("""{"text":"other"}""");
    }

    [Fact]
    public void A_denied_call_is_a_failure_with_the_persons_words()
    {
        var outcome = Next(Asked().Reply(2, 0, "deny", "Too much.", attempt: 0)).ShouldBeOfType<Settle>().Outcome;
        outcome.Failure!.Kind.ShouldBe("denied");
        outcome.Failure.Message.ShouldContain("Too much.");
        outcome.DecidedBy.ShouldBe(CallReturned.ByPerson);
    }

    [Fact]
    public void A_crash_after_the_intent_of_an_approved_call_asks_what_became_of_it()
    {
        var journal = Asked().Reply(2, 0, "approve", attempt: 0).Intent(2, 0, repeatable: false);
        Next(journal).ShouldBeOfType<Ask>().Calls.ShouldHaveSingleItem().Intent.ShouldNotBeNull();
    }

    [Fact]
    public void When_its_time_is_over_what_was_agreed_is_done()
    {
        var due = Journals.Start.AddSeconds(3);
        Next(Asked(due)).ShouldBeOfType<Wait>();
        Next(Asked(due).Add(0, 0, 0, new TimeReached())).ShouldBeOfType<Expire>();
    }

    [Theory]
    [InlineData(null, "deny")]
    [InlineData("deny", "deny")]
    [InlineData("approve", "approve")]
    [InlineData("escalate", "escalate")]
    public void The_policy_of_a_timeout_is_that_of_the_question(string? onTimeout, string outcome) =>
        Asking.OnTimeout(Asked(Journals.Start, onTimeout).Fold().OpenCalls.Single()).ShouldBe(outcome);

    [Fact]
    public void An_escalated_question_is_open_for_as_long_again_and_denied_at_its_end()
    {
        var later = Journals.Start.AddHours(2);
        var journal = Asked(Journals.Start, "escalate").Expire(2, 0, "escalate", later);

        Next(journal).ShouldBeOfType<Wait>().Until.ShouldBe(later);
        Asking.OnTimeout(journal.Fold().OpenCalls.Single()).ShouldBe("deny");
        Next(journal.Expire(2, 0, "deny")).ShouldBeOfType<Settle>().Outcome.DecidedBy.ShouldBe(CallReturned.ByTimeout);
    }

    [Fact]
    public void A_timeout_that_approves_lets_the_call_be_made() =>
        Next(Asked(Journals.Start, "approve").Expire(2, 0, "approve")).ShouldBeOfType<CallTools>();

    [Theory]
    [InlineData("approve")]
    [InlineData("deny")]
    public void An_answer_after_the_timeout_changes_nothing(string late)
    {
        var journal = Asked(Journals.Start, "deny").Expire(2, 0, "deny").Reply(2, 0, late, "late", attempt: 0);
        Next(journal).ShouldBeOfType<Settle>().Outcome.DecidedBy.ShouldBe(CallReturned.ByTimeout);
    }

    [Fact]
    public void A_retried_run_asks_again_what_was_open_when_it_failed() =>
        Next(Asked().Failed(2).Retry()).ShouldBeOfType<Ask>();

    [Theory]
    [InlineData(null, true)]
    [InlineData("""{"text":"other"}""", false)]
    public void The_first_call_that_is_approved_as_it_was_allows_the_next_of_its_tool(string? edited, bool isAllowed)
    {
        var journal = new Journals().AnswerToApprove(1, FirstTime, Note).AskToApprove(2, 0)
            .Add(0, 0, 0, new SignalReceived(1, "answer/x", SignalReceived.Answer, "2.0.0", "approve", Text: null, "user:ada") { Arguments = edited })
            .Outcome(2, 0).AnswerToApprove(3, FirstTime, Note);
        (Next(journal) is CallTools).ShouldBe(isAllowed);
    }

    [Fact]
    public void A_question_beyond_the_limit_of_steps_is_not_asked() =>
        Next(new Journals { Limits = new(1, 0, 900) }.AnswerToApprove(1, Always, Note)).ShouldBeOfType<Fail>();

    private static Journals Asked(DateTimeOffset? due = null, string? onTimeout = null) =>
        new Journals().AnswerToApprove(1, Always, Note).AskToApprove(2, 0, due, onTimeout, "lead");

    private static Decision Next(Journals journal) => Rules.Next(new React(), journal.Fold());
}
