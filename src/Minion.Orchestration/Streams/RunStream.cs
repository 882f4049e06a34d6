using System.Runtime.CompilerServices;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;
using JournalEntry = Minion.Orchestration.Runs.Journal.Entry;

namespace Minion.Orchestration.Streams;

/// <summary>
/// A run as typed parts. Live parts come as they are made; what was cut short is completed from the journal, so that the pieces of a text always make up
/// what its entry says.
/// </summary>
internal sealed class RunStream(RunWatcher watcher, RunStore runs)
{
    /// <summary>The parts after a cursor, each with the cursor after it; ends with the run.</summary>
    public async IAsyncEnumerable<(StreamPart Part, RunCursor Cursor)> FollowAsync(
        string tenant, Guid run, RunCursor start, [EnumeratorCancellation] CancellationToken ct)
    {
        if (start.IsDone && await runs.HasEndedAsync(tenant, run, start.Seq, ct))
        {
            yield break;
        }

        var at = start with { IsDone = false };
        var shown = start.Shown;
        void Start(LiveReader reader)
        {
            reader.StartAt(shown.Position, shown.Text.Length, shown.Reasoning.Length, shown.Calls);
            reader.StartAt(start.Output);
        }

        await foreach (var live in watcher.WatchAsync(tenant, run, start.Seq, Start, ct))
        {
            foreach (var (part, cursor) in PartsOf(live, at))
            {
                at = cursor;
                if (part is not null)
                {
                    part.RunId = run.ToString();
                    yield return (part, cursor);
                }
            }
        }

        if (await runs.FindAsync(tenant, run, ct) is not { } ended)
        {
            yield break;
        }

        var record = ended.ToProto();
        var done = new DonePart { Status = record.Status, Output = record.Output, Error = record.Error, Usage = record.Usage };
        yield return (new StreamPart { RunId = run.ToString(), Seq = at.Seq, Done = done }, at with { IsDone = true });
    }

    private static IEnumerable<(StreamPart? Part, RunCursor Cursor)> PartsOf(LivePart live, RunCursor at) => live switch
    {
        LiveEntries entries => OfEntries(entries.Entries, at),
        LiveDelta delta => OfAnswer(delta.Position, at, shown => (EntryParts.Text(delta.Kind, delta.Text, delta.Purpose), shown.Add(delta.Kind, delta.Text))),
        LiveCall call => OfAnswer(call.Position, at, shown => (EntryParts.Call(call.Call), shown with { Calls = shown.Calls + 1 })),
        LiveOutput output => [(EntryParts.Output(output).At(at.Seq, output.Step), at with { Output = output.Position })],
        _ => [],
    };

    private static IEnumerable<(StreamPart? Part, RunCursor Cursor)> OfAnswer(
        CallPosition position, RunCursor at, Func<Shown, (StreamPart Part, Shown Shown)> add)
    {
        var shown = at.Shown;
        if (shown.Position != position)
        {
            var isAgain = shown.Position.Step == position.Step && !shown.IsEmpty;
            shown = Shown.Nothing(position);
            if (isAgain)
            {
                yield return (EntryParts.Restarted(position.Attempt).At(at.Seq, position.Step), at with { Shown = shown });
            }
        }

        var (part, after) = add(shown);
        yield return (part.At(at.Seq, position.Step), at with { Shown = after });
    }

    private static IEnumerable<(StreamPart? Part, RunCursor Cursor)> OfEntries(IReadOnlyList<JournalEntry> entries, RunCursor at)
    {
        foreach (var entry in entries)
        {
            if (entry.Payload is ModelAnswered answer)
            {
                foreach (var (part, shown) in AnswerParts.Rest(answer, entry, at.Shown))
                {
                    at = at with { Shown = shown };
                    yield return (part.At(at.Seq, entry.Step), at);
                }
            }

            // Other entries may become durable together with an answer, before it.
            at = at with { Seq = entry.Seq, Shown = entry.Payload is ModelAnswered ? default : at.Shown };
            yield return (EntryParts.Of(entry)?.At(entry.Seq, entry.Step), at);
        }
    }
}
