using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.History;

/// <summary>
/// Which entries a fork takes over: those up to a point, less what belongs to the original alone, and with the outcomes that calls and children
/// under way at that point have had since. So nothing that the original did is done again; what a person decided later is asked anew.
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
        var ended = part.Where(e => e.Payload is CallReturned or ChildEnded).Select(KeyOf).ToHashSet();
        var open = part.Where(e => e.Payload is CallIntended or ChildStarted && !ended.Contains(KeyOf(e)) && !NeedsInput(e, part)).Select(KeyOf).ToHashSet();
        var since = entries
            .Where(e => e.Seq > afterSeq && e.Payload is CallReturned { DecidedBy: CallReturned.ByTool } or ChildEnded && open.Contains(KeyOf(e)))
            .DistinctBy(KeyOf)
            .ToList();

        // A child that has not ended reports to the original: the fork starts one of its own when it comes to it. What was asked about a call that is
        // still open is asked anew: the answer was about what the original did.
        var asked = part.Where(e => e.Payload is QuestionAsked && !ended.Contains(KeyOf(e)) && !IsAnsweredApproval(e, part)).ToList();
        var questions = asked.Select(e => ((QuestionAsked)e.Payload).Id).ToHashSet(StringComparer.Ordinal);
        var askedCalls = asked.Select(KeyOf).ToHashSet();
        ended.UnionWith(since.Select(KeyOf));
        return
        [
            .. part.Where(e => e.Payload switch
            {
                ChildStarted => ended.Contains(KeyOf(e)),
                QuestionAsked question => !questions.Contains(question.Id),
                SignalReceived { QuestionId: { } question } => !questions.Contains(question),
                QuestionExpired question => !questions.Contains(question.Id),

                // A further intent came of the answer.
                CallIntended => !askedCalls.Contains(KeyOf(e)) || part.Find(other => other.Payload is CallIntended && KeyOf(other) == KeyOf(e)) == e,
                _ => true,
            }),
            .. since,
        ];
    }

    /// <summary>The last signal that the taken part has folded.</summary>
    public static long SignalSeq(IEnumerable<Entry> taken) => taken
        .Select(e => e.Payload is SignalReceived signal ? signal.SignalSeq : e.Payload is ChildEnded child ? child.SignalSeq : 0)
        .DefaultIfEmpty()
        .Max();

    /// <summary>Whether an intent came to nothing, because the call needed something said first.</summary>
    private static bool NeedsInput(Entry intent, List<Entry> part) =>
        intent.Payload is CallIntended && part.Exists(e => e.Seq > intent.Seq && e.Payload is InputAsked && KeyOf(e) == KeyOf(intent));

    /// <summary>Whether a person, or time, has said before the call was made what may become of it, or what it needs.</summary>
    private static bool IsAnsweredApproval(Entry entry, List<Entry> part) =>
        entry.Payload is QuestionAsked question && (question.Asks == QuestionAsked.Approval || question.Request is not null)
        && part.Exists(e => e.Payload switch
        {
            SignalReceived signal => signal.QuestionId == question.Id,
            QuestionExpired expired => expired.Id == question.Id && expired.Outcome != ApprovalTerms.Escalate,
            _ => false,
        });

    private static (int Step, int Call) KeyOf(Entry entry) => (entry.Step, entry.Call);

    private static bool IsTaken(Entry entry, bool withContext) => entry.Payload switch
    {
        RunCompleted or RunFailed or RunCancelled => false,
        SignalReceived { Signal: SignalReceived.Cancel } => false,
        ContextRecorded => withContext,
        _ => true,
    };
}
