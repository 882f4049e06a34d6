using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>
/// What of the deltas that arrive a watcher is shown: each attempt's text from its start and without gaps, nothing of an attempt that a later one has
/// replaced, nothing of a call whose answer is in the journal.
/// </summary>
internal sealed class DeltaOrder
{
    private CallPosition? _position;
    private int _next;
    private int _answered;

    /// <summary>Text is missing in between: it must be asked for from its start.</summary>
    public bool HasGap { get; private set; }

    /// <summary>An entry that the watcher is told.</summary>
    public void Told(Entry entry)
    {
        if (entry.Payload is ModelAnswered)
        {
            _answered = Math.Max(_answered, entry.Step);
        }
    }

    /// <summary>The part of <paramref name="delta"/> that is new; null when nothing of it is, or not yet.</summary>
    public LiveDelta? Take(LiveDelta delta)
    {
        HasGap = false;
        var isLater = _position is not { } position || delta.Position.IsAfter(position);
        if (delta.Position.Step <= _answered || (!isLater && delta.Position != _position))
        {
            return null;
        }

        var next = isLater ? 0 : _next;
        HasGap = delta.Offset > next;
        if (HasGap || (delta.End <= next && !isLater))
        {
            return null;
        }

        (_position, _next) = (delta.Position, delta.End);
        return delta.Offset == next ? delta : delta with { Offset = next, Text = delta.Text[(next - delta.Offset)..] };
    }
}
