using FsCheck;
using FsCheck.Fluent;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.History;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Modelled;

/// <summary>
/// Random runs (what the model asks for, what tools bring, what people say) with random crashes: what must hold for every journal. A failure prints the
/// smallest tape that makes it, and the seed.
/// </summary>
public sealed class DecisionModelTests
{
    private const int Runs = 1_000;

    private static readonly Guid ForkId = new("01890000-0000-7000-8000-000000000002");

    [Fact]
    public void Every_call_has_at_most_one_outcome() => Check((run, _) =>
        run.Journal.Where(e => e.Payload.IsOutcome).GroupBy(e => (e.Step, e.Call)).All(calls => calls.Count() == 1));

    [Fact]
    public void Sequence_numbers_have_no_gaps() => Check((run, _) => run.Journal.Select(e => e.Seq).SequenceEqual(Enumerable.Range(1, run.Journal.Count).Select(i => (long)i)));

    [Fact]
    public void A_call_that_changes_something_is_made_again_only_when_a_person_says_so() => Check((run, world) =>
        world.Executions.Where(e => e.Key.Tool == World.Changes).All(e => e.Value <= 1 + run.Retries.GetValueOrDefault(e.Key.Key)));

    [Fact]
    public void A_call_that_changes_something_is_intended_before_it_is_made() => Check((run, world) =>
    {
        var intended = run.Journal.Select(e => e.Payload).OfType<CallIntended>().Select(i => i.Key).ToHashSet();
        return world.Executions.Keys.Where(k => k.Tool != World.Reads).All(k => intended.Contains(k.Key));
    });

    [Fact]
    public void The_fold_of_a_journal_does_not_depend_on_where_it_is_cut() => Check((run, _) =>
    {
        var whole = Folds.Describe(run.Fold(run.Journal));
        return Cuts(run).All(cut =>
        {
            var state = run.Fold(run.Journal.Take(cut));
            run.Journal.Skip(cut).ToList().ForEach(state.Apply);
            return Folds.Describe(state) == whole;
        });
    });

    [Fact]
    public void The_fold_of_what_was_stored_is_the_fold_of_what_was_meant() => Check((run, _) =>
    {
        var stored = run.Journal.Select(e => e with { Payload = EntryJson.Read(e.Payload.Kind, EntryJson.Write(e.Payload)) });
        return Folds.Describe(run.Fold(stored)) == Folds.Describe(run.Fold(run.Journal));
    });

    [Fact]
    public void Every_beginning_of_a_journal_leads_to_the_decisions_that_were_recorded_after_it() => Check((run, _) =>
        Cuts(run).All(cut => ReplayOf(run.Journal.Take(cut).ToList()) is null) && ReplayOf(run.Journal) is null);

    [Fact]
    public void A_journal_with_another_answer_is_found_out() => Check((run, _) =>
    {
        var at = run.Journal.FindIndex(e => e.Payload is RunCompleted);
        return at < 0 || ReplayOf([.. run.Journal.Take(at), run.Journal[at] with { Payload = new RunCompleted("something else") }])?.Seq == at + 1;
    });

    [Fact]
    public void A_journal_without_one_of_its_calls_is_found_out() => Check((run, _) =>
    {
        var at = run.Journal.FindIndex(e => e.Payload is CallReturned);
        return at < 0 || run.Journal.Count == at + 1 || run.Journal.Skip(at + 1).All(e => e.Payload is not ModelAnswered)
            || ReplayOf([.. run.Journal.Where((_, i) => i != at)]) is not null;
    });

    [Fact]
    public void A_prompt_that_grew_with_its_run_is_the_prompt_that_is_composed_at_once() => Check((run, _) =>
    {
        using var conversation = new Conversation();
        var state = run.Fold([]);
        return run.Journal.All(entry =>
        {
            var same = entry.Payload is not ModelAnswered || IsSame(conversation, state, entry.Step);
            state.Apply(entry);
            return same;
        });
    });

    [Fact]
    public void A_fork_from_any_entry_ends_and_does_nothing_again_that_was_done() => Check((run, world) =>
        Cuts(run).All(cut =>
        {
            var taken = JournalCut.Of(run.Journal, cut, withContext: true).Select((e, i) => e with { Seq = i + 1 }).ToList();
            var done = world.Executions.ToDictionary();
            var elsewhere = new World(new Tape([cut, 3, 1, 4, 1, 5, 9, 2, 6]));
            var fork = new SimulatedRun(new React(), new Tape([2, 7, 1, 8, 2, 8]), elsewhere, taken, crashes: 0, ForkId).ToItsEnd();
            var outcomes = taken.Where(e => e.Payload is CallReturned).Select(e => $"/{e.Step}/{e.Call}").ToHashSet();
            fork.State.End.ShouldNotBe(RunEnd.None);
            fork.Journal.Where(e => e.Payload.IsOutcome).Select(e => (e.Step, e.Call)).ShouldBeUnique();
            elsewhere.Executions.Keys.ShouldAllBe(k => !outcomes.Any(o => k.Key.EndsWith(o, StringComparison.Ordinal)));
            elsewhere.Executions.ShouldAllBe(e => e.Key.Tool != World.Changes || !done.ContainsKey(e.Key) || fork.Retries.ContainsKey(e.Key.Key));
            ReplayOf(fork.Journal, ForkId).ShouldBeNull();
            return true;
        }));

    private static bool IsSame(Conversation conversation, RunState state, int step)
    {
        var call = new CallModel(step, WithTools: true);
        var (messages, hash) = conversation.For("Be brief.", SessionHistory.None, "do it", state, call, "tools");
        var composed = Prompts.For("Be brief.", SessionHistory.None, "do it", state, call);
        return hash == PromptComposer.Hash(composed, "tools") && hash == PromptComposer.Hash(messages, "tools");
    }

    private static IEnumerable<int> Cuts(SimulatedRun run) => Enumerable.Range(0, run.Journal.Count + 1);

    private static ReplayDivergence? ReplayOf(IReadOnlyList<Entry> journal, Guid? id = null) =>
        Orchestration.Runs.History.Replay.Of(Folds.Recorded(id ?? new Guid("01890000-0000-7000-8000-000000000001"), isFork: id is not null), new React(), journal, promptHash: null).Divergence;

    private static void Check(Func<SimulatedRun, World, bool> holds) =>
        FsCheck.Check.One(
            Seeds.Of(Runs, largest: 120),
            Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), choices =>
            {
                var tape = new Tape(choices);
                var world = new World(tape);
                return holds(new SimulatedRun(new React(), tape, world).ToItsEnd(), world);
            }));
}
