using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.History;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Modelled;

public sealed class JournalCutTests
{
    private static readonly Guid Child = new("01890000-0000-7000-8000-00000000000c");
    private static readonly (string, string) Note = ("notes_add", "{}");

    [Fact]
    public void A_step_is_cut_before_its_first_entry()
    {
        var entries = new Journals().Context().Answer(1, "", Note).Intent(2, 0, repeatable: false).Outcome(2, 0).Answer(3, "done").Entries;

        JournalCut.Before(entries, 1).ShouldBe(1);
        JournalCut.Before(entries, 2).ShouldBe(2);
        JournalCut.Before(entries, 3).ShouldBe(4);
        JournalCut.Before(entries, 4).ShouldBe(5);
        JournalCut.Before(entries, 5).ShouldBeNull();
    }

    [Fact]
    public void A_call_that_was_under_way_keeps_the_outcome_that_it_has_had_since()
    {
        var entries = new Journals().Answer(1, "", Note).Intent(2, 0, repeatable: false).Outcome(2, 0).Answer(3, "done").Entries;
        JournalCut.Of(entries, 2, withContext: true).Select(e => e.Payload.Kind).ShouldBe(["model", "intent", "tool"]);
    }

    [Fact]
    public void A_call_that_is_still_under_way_stays_an_intent_for_a_person_to_decide()
    {
        var entries = new Journals().Answer(1, "", Note).Intent(2, 0, repeatable: false).Entries;
        var taken = JournalCut.Of(entries, 2, withContext: true);
        Rules.Next(new React(), Fold(taken)).ShouldBeOfType<Ask>();
    }

    [Fact]
    public void What_was_asked_about_a_call_that_is_open_is_asked_anew()
    {
        var asked = new Journals().Answer(1, "", Note).Intent(2, 0, repeatable: false).Question(2, 0).Reply(2, 0, "done");
        JournalCut.Of(asked.Entries, 3, withContext: true).Select(e => e.Payload.Kind).ShouldBe(["model", "intent"]);
        JournalCut.Of(asked.Entries, 4, withContext: true).Select(e => e.Payload.Kind).ShouldBe(["model", "intent"]);

        var settled = asked.Add(2, 0, 1, new CallReturned("notes_add", "{}", Failure: null, CallReturned.ByPerson));
        JournalCut.Of(settled.Entries, 5, withContext: true).Select(e => e.Payload.Kind).ShouldBe(["model", "intent", "question", "signal", "tool"]);
    }

    [Fact]
    public void How_a_run_ended_or_was_stopped_is_not_taken_over()
    {
        JournalCut.Of(new Journals().Answer(1, "done").Add(1, 0, 0, new RunCompleted("done")).Entries, 2, withContext: true).Count.ShouldBe(1);
        JournalCut.Of(new Journals().Failed(1).Entries, 1, withContext: true).ShouldBeEmpty();
        JournalCut.Of(new Journals().Cancel().Entries, 1, withContext: true).ShouldBeEmpty();
    }

    [Fact]
    public void A_child_that_has_ended_is_referred_to_and_one_that_has_not_is_left_out()
    {
        var started = new Journals().Answer(1, "").Add(2, 0, 0, new ChildStarted(Child, "b", "one", "x"));
        JournalCut.Of(started.Entries, 2, withContext: true).Select(e => e.Payload.Kind).ShouldBe(["model"]);

        var ended = started.Add(2, 0, 0, new ChildEnded(Child, "b", "one", ChildEnded.Completed, "y", Failure: null));
        JournalCut.Of(ended.Entries, 2, withContext: true).Select(e => e.Payload.Kind).ShouldBe(["model", "child_started", "child"]);
    }

    [Fact]
    public void What_a_run_works_with_is_recorded_anew_for_another_version() =>
        JournalCut.Of(new Journals().Context().Answer(1, "x").Entries, 2, withContext: false).Select(e => e.Payload.Kind).ShouldBe(["model"]);

    [Fact]
    public void Signals_go_on_after_the_last_that_was_taken_over() =>
        JournalCut.SignalSeq(new Journals().Reply(2, 0, "done", signal: 7).Entries).ShouldBe(7);

    private static RunState Fold(IEnumerable<Entry> entries)
    {
        var state = new RunState(Guid.Empty, new(50, 0, 900), Journals.Start);
        foreach (var entry in entries)
        {
            state.Apply(entry);
        }

        return state;
    }
}
