using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Stages;

/// <summary>A message of the session, by what it takes in a prompt.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Tokens">An estimate.</param>
/// <param name="Pinned">Whether it is in every prompt.</param>
internal readonly record struct MessageWeight(long Seq, long Tokens, bool Pinned);

/// <summary>What there is of a session when a run begins: all that no summary stands for, and what is pinned before.</summary>
/// <param name="Messages">In order.</param>
/// <param name="SummaryId">The summary in use; 0 for none.</param>
/// <param name="SummaryThrough">The last message that it stands for.</param>
/// <param name="SummaryTokens">What it takes.</param>
/// <param name="FullThrough">The last message that an undone summary stood for; 0 when none was undone.</param>
internal sealed record SessionWeights(
    IReadOnlyList<MessageWeight> Messages, int SummaryId = 0, long SummaryThrough = 0, long SummaryTokens = 0, long FullThrough = 0)
{
    /// <summary>Whether something of it came from a run that had read untrusted sources: what was said since may rest on it, also where it is not given any more.</summary>
    public bool Tainted { get; init; }
}

/// <summary>
/// Decides what of a session a run is given, and what it summarises first: from token counts and settings alone. What is decided is recorded in the
/// journal, and prompts are composed from that.
/// </summary>
internal static class ContextPlan
{
    /// <summary>Messages that a prompt has in full, at most.</summary>
    public const int MostMessages = 200;

    private const int MostRanges = 8;
    private const long MostSummaryTokens = 1_024;
    private const long LeastSummaryTokens = 64;

    /// <summary>The tokens that a summary may have, within a budget.</summary>
    public static long SummaryTokens(long budget) => Math.Clamp(budget / 4, LeastSummaryTokens, MostSummaryTokens);

    public static ContextRecorded Make(ContextRecorded plain, SessionWeights session, ContextBudget budget)
    {
        var pinned = session.Messages.Where(m => m.Pinned && m.Seq <= session.SummaryThrough).ToList();
        MessageWeight[] open = [.. session.Messages.Where(m => m.Seq > session.SummaryThrough)];
        var total = budget.TotalFor(session);
        var room = Math.Max(0, total - budget.Input);
        var full = session.SummaryTokens + pinned.Sum(m => m.Tokens) + open.Sum(m => m.Tokens);
        var context = plain with
        {
            FirstMessage = open.Length > 0 ? open[0].Seq : plain.LastMessage + 1,
            SummaryId = session.SummaryId,
            SummaryThrough = session.SummaryThrough,
            BudgetTokens = total,
            HistoryTokens = full + budget.Input,
            Pinned = NullIfEmpty(pinned.ConvertAll(m => m.Seq)),
            Tainted = session.Tainted,
        };
        if (full <= room && open.Length <= MostMessages)
        {
            return context;
        }

        var allPinned = session.Messages.Where(m => m.Pinned).Sum(m => m.Tokens);
        var left = room - allPinned - (budget.Summarise ? SummaryTokens(total) : session.SummaryTokens);
        var kept = Keep(open, Math.Max(0, left), budget);
        var before = open.Length - kept;
        if (before == 0)
        {
            return context;
        }

        // From here on, what is pinned must be named: it is given although it is summarised, or left out.
        context = context with { Pinned = NullIfEmpty([.. session.Messages.Where(m => m.Pinned && (kept == 0 || m.Seq < open[before].Seq)).Select(m => m.Seq)]) };
        return budget.Summarise ? Summarise(context, open.AsSpan(0, before), budget.ChunkTokens) : context with { FirstMessage = kept > 0 ? open[before].Seq : plain.LastMessage + 1 };
    }

    /// <summary>How many of the newest stay in full. When summarising, half of the room is left free, so that not every turn summarises anew.</summary>
    private static int Keep(MessageWeight[] open, long room, ContextBudget budget)
    {
        var most = budget.Summarise ? MostMessages / 2 : MostMessages;
        var (kept, tokens) = (0, 0L);
        for (var i = open.Length - 1; i >= 0 && kept < most; i--)
        {
            var with = tokens + (open[i].Pinned ? 0 : open[i].Tokens);
            if (with > room || (budget.Summarise && kept >= budget.KeepLast && with > room / 2))
            {
                break;
            }

            (kept, tokens) = (kept + 1, with);
        }

        return kept;
    }

    private static ContextRecorded Summarise(ContextRecorded context, ReadOnlySpan<MessageWeight> messages, long chunk)
    {
        var cap = Math.Max(1, Math.Min(chunk / 4, MostRanges * chunk / messages.Length / 2));
        var ranges = new List<MessageRange>();
        var (first, tokens) = (messages[0].Seq, 0L);
        for (var i = 0; i < messages.Length; i++)
        {
            var weight = Math.Min(messages[i].Tokens, cap);
            if (tokens > 0 && tokens + weight > chunk)
            {
                ranges.Add(new MessageRange(first, messages[i - 1].Seq));
                (first, tokens) = (messages[i].Seq, 0);
            }

            tokens += weight;
        }

        ranges.Add(new MessageRange(first, messages[^1].Seq));
        return context with { Summarise = ranges, SummarisedTokens = cap };
    }

    private static List<long>? NullIfEmpty(List<long> seqs) => seqs.Count == 0 ? null : seqs;
}
