using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Composing;

/// <summary>A message of the session as it was said.</summary>
internal sealed record SessionText(long Seq, string Role, string Content, bool Interrupted);

/// <summary>What a run may be given of its session, as its journal names it.</summary>
/// <param name="Messages">In order.</param>
/// <param name="Summary">What stood for earlier ones when the run began; null for nothing.</param>
internal sealed record SessionHistory(IReadOnlyList<SessionText> Messages, string? Summary = null)
{
    private const string SummaryTitle = "Summary of the earlier conversation:\n";
    private const string InterruptedMark = " […interrupted]";

    public static SessionHistory None { get; } = new([]);

    public bool IsEmpty => Messages.Count == 0 && Summary is null;

    /// <summary>As prompts have it: the newest summary, what is pinned, then the messages that no summary stands for.</summary>
    public IReadOnlyList<HistoryMessage> Compose(RunState state)
    {
        var context = state.Context;
        var through = state.SummarisedThrough ?? context?.SummaryThrough ?? 0;
        var summary = state.HistorySummary ?? Summary;
        var messages = new List<HistoryMessage>(Messages.Count + 1);
        if (!string.IsNullOrWhiteSpace(summary))
        {
            messages.Add(new HistoryMessage("system", SummaryTitle + summary));
        }

        messages.AddRange(Messages
            .Where(m => m.Seq > through || context?.Pinned?.Contains(m.Seq) == true)
            .Select(m => new HistoryMessage(m.Role, m.Interrupted ? m.Content + InterruptedMark : m.Content)));
        return messages;
    }
}
