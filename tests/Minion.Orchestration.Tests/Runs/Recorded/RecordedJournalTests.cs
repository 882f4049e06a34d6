using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.History;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Recorded;

/// <summary>
/// Journals of released behaviours fold, and lead to the decisions that they led to, in every later release. The files are never changed; a behaviour that
/// is to decide otherwise gets a new version, and files of its own.
/// </summary>
public sealed class RecordedJournalTests
{
    private const string Folder = "Minion.Orchestration.Tests.Runs.Recorded.";

    public static TheoryData<string> Files => [.. typeof(RecordedJournalTests).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Select(n => n[Folder.Length..])];

    [Fact]
    public void There_are_journals_of_the_first_behaviours()
    {
        var recorded = Files.Select(f => Read(f.Data).Behaviour).ToHashSet();
        recorded.ShouldContain("react@1");
        recorded.ShouldContain("direct@1");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_beginning_of_a_recorded_journal_leads_to_the_same_decision(string file)
    {
        var journal = Read(file);
        var behaviour = BehaviourOf(journal);
        var state = journal.Run.NewState();
        var decisions = new List<string> { Decide(behaviour, state) };
        foreach (var entry in journal.Entries)
        {
            state.Apply(entry);
            decisions.Add(Decide(behaviour, state));
        }

        decisions.ShouldBe(journal.Decisions);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_recorded_journal_is_replayed_without_a_divergence(string file)
    {
        var journal = Read(file);
        Replay.Of(journal.Run, BehaviourOf(journal), journal.Entries, promptHash: null).Divergence.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_recorded_journal_is_written_as_it_was(string file)
    {
        var journal = Read(file);
        journal.ToJson().ReplaceLineEndings().ShouldBe(Text(file).ReplaceLineEndings());
    }

    internal static string Decide(IBehaviour behaviour, RunState state) =>
        state.End == RunEnd.None ? Decisions.Describe(Rules.Next(behaviour, state)) : "ended";

    private static IBehaviour BehaviourOf(RecordedJournal journal) => BehaviourRegistry.BuiltIn.Exact(journal.Behaviour).ShouldNotBeNull();

    private static RecordedJournal Read(string file) => RecordedJournal.Parse(Text(file));

    private static string Text(string file)
    {
        using var stream = typeof(RecordedJournalTests).Assembly.GetManifestResourceStream(Folder + file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
