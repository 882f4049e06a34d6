using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;
using JournalEntry = Minion.Orchestration.Runs.Journal.Entry;

namespace Minion.Orchestration.Streams;

/// <summary>What a client lacks of an answer that is in the journal.</summary>
internal static class AnswerParts
{
    public static IEnumerable<(StreamPart Part, Shown Shown)> Rest(ModelAnswered answer, JournalEntry entry, Shown shown)
    {
        var reasoning = answer.Reasoning ?? "";
        if (shown.Position.Step != entry.Step)
        {
            shown = Shown.Nothing(new CallPosition(entry.Step, entry.Call, 0, entry.Attempt));
        }
        else if (!shown.Text.IsBeginningOf(answer.Text) || !shown.Reasoning.IsBeginningOf(reasoning) || shown.Calls > answer.Calls.Count)
        {
            // What it has is of an attempt that came to nothing.
            shown = Shown.Nothing(shown.Position with { Attempt = entry.Attempt });
            yield return (EntryParts.Restarted(entry.Attempt), shown);
        }

        foreach (var (kind, text) in new[] { (DeltaKind.Reasoning, reasoning), (DeltaKind.Text, answer.Text) })
        {
            while ((kind == DeltaKind.Text ? shown.Text : shown.Reasoning).Length is var from && from < text.Length)
            {
                var piece = Piece(text, from);
                shown = shown.Add(kind, piece);
                yield return (EntryParts.Text(kind, piece, answer.Purpose), shown);
            }
        }

        while (shown.Calls < answer.Calls.Count)
        {
            var call = answer.Calls[shown.Calls];
            shown = shown with { Calls = shown.Calls + 1 };
            yield return (EntryParts.Call(call), shown);
        }
    }

    private static string Piece(string text, int from)
    {
        var length = Math.Min(LiveFeed.MostCharacters, text.Length - from);
        return text.Substring(from, length < text.Length - from && char.IsHighSurrogate(text[from + length - 1]) ? length - 1 : length);
    }
}
