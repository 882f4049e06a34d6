using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.History;

/// <summary>
/// Compares two journals by what happened in them: times, identities and usage do not count, nor in which order calls that were made at the same time ended.
/// </summary>
internal static class JournalDifference
{
    /// <summary>The journal with the outcomes of calls of one step that follow each other in the order of the calls: to be compared in this form.</summary>
    public static IReadOnlyList<Entry> InOrder(IReadOnlyList<Entry> journal)
    {
        var ordered = new List<Entry>(journal.Count);
        for (var i = 0; i < journal.Count;)
        {
            var end = i + 1;
            while (end < journal.Count && journal[i].Payload.IsOutcome && journal[end].Payload.IsOutcome && journal[end].Step == journal[i].Step)
            {
                end++;
            }

            ordered.AddRange(journal.Skip(i).Take(end - i).OrderBy(e => e.Call));
            i = end;
        }

        return ordered;
    }

    /// <summary>How many entries at the beginning are the same.</summary>
    public static int Common(IReadOnlyList<Entry> one, IReadOnlyList<Entry> other)
    {
        var most = Math.Min(one.Count, other.Count);
        for (var i = 0; i < most; i++)
        {
            if (!AreSame(one[i], other[i]))
            {
                return i;
            }
        }

        return most;
    }

    private static bool AreSame(Entry one, Entry other) =>
        (one.Step, one.Call, one.Payload.Kind) == (other.Step, other.Call, other.Payload.Kind)
        && one.LongTexts.SequenceEqual(other.LongTexts)
        && EntryJson.Write(Bare(one.Payload)) == EntryJson.Write(Bare(other.Payload));

    /// <summary>Without what is each run's own: keys, the ids of children, of models' calls, and the hash of a prompt that led to the same answer.</summary>
    private static EntryPayload Bare(EntryPayload payload) => payload switch
    {
        ModelAnswered answer => answer with { PromptHash = "", Calls = [.. answer.Calls.Select(c => c with { Id = "" })], Route = null },
        ModelHelped helped => helped with { PromptHash = "", Route = null },
        CallIntended intent => intent with { Key = "" },
        ChildStarted child => child with { Child = Guid.Empty },
        ChildEnded child => child with { Child = Guid.Empty },
        SignalReceived signal => signal with { Principal = "", SignalSeq = 0 },
        _ => payload,
    };
}
