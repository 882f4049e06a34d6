using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.History;

/// <summary>
/// Which entries a fork takes over: those up to a point, less what belongs to the original alone, and with the outcomes that calls and children
/// under way at that point have had since. So nothing that the original did is done again.
/// </summary>
internal static class JournalCut
{
    /// <summary>The last entry before a step began; null when the journal has no such step, nor one that comes next.</summary>
    public static long? Before(IReadOnlyList<Entry> entries, int step)
    {
        var first = entries.FirstOrDefault(e => e.Step >= step);
        if (first is not null)
        {
            return first.Seq - 1;
        }

        var last = entries.Count == 0 ? 0 : entries.Max(e => e.Step);
        return step == last + 1 ? entries.Count : null;
    }

    /// <summary>The entries to take over, in order. Where <paramref name="withContext"/> is false, what the run works with is recorded anew.</summary>
    public static IReadOnlyList<Entry> Of(IReadOnlyList<Entry> entries, long afterSeq, bool withContext)
    {
        var part = entries.Where(e => e.Seq <= afterSeq && IsTaken(e, withContext)).ToList();
        var later = entries.Where(e => e.Seq > afterSeq).ToList();
        var outcomes = part.Where(e => e.Payload is CallReturned or ChildEnded).Select(e => (e.Step, e.Call)).ToHashSet();
        var ended = entries.Select(e => e.Payload).OfType<ChildEnded>().Select(c => c.Child).ToHashSet();
        var answered = part.Select(e => e.Payload).OfType<SignalReceived>().Select(s => s.QuestionId).ToHashSet(StringComparer.Ordinal);
        var taken = new List<Entry>(part.Count);
        foreach (var entry in part)
        {
            // A child that has not ended reports to the original: the fork starts one of its own when it comes to it.
            if (entry.Payload is ChildStarted child && !ended.Contains(child.Child))
            {
                continue;
            }

            // An open question is asked anew, so that it is the fork's own.
            if (entry.Payload is QuestionAsked question && !answered.Contains(question.Id) && !outcomes.Contains((entry.Step, entry.Call)))
            {
                continue;
            }

            taken.Add(entry);
        }

        var open = part.Where(e => e.Payload is CallIntended or ChildStarted && !outcomes.Contains((e.Step, e.Call))).Select(e => (e.Step, e.Call)).ToHashSet();
        taken.AddRange(later.Where(e => e.Payload is CallReturned or ChildEnded && open.Remove((e.Step, e.Call))));
        return taken;
    }

    /// <summary>The last signal that the taken part has folded.</summary>
    public static long SignalSeq(IEnumerable<Entry> taken) => taken
        .Select(e => e.Payload is SignalReceived signal ? signal.SignalSeq : e.Payload is ChildEnded child ? child.SignalSeq : 0)
        .DefaultIfEmpty()
        .Max();

    private static bool IsTaken(Entry entry, bool withContext) => entry.Payload switch
    {
        RunCompleted or RunFailed or RunCancelled => false,
        SignalReceived { Signal: SignalReceived.Cancel } => false,
        ContextRecorded => withContext,
        _ => true,
    };
}
