using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>A signal as it is stored. <paramref name="Child"/>: the end that it tells of, of a child run.</summary>
internal sealed record StoredSignal(Guid RunId, SignalReceived Signal, DateTimeOffset At, EndedChild? Child = null)
{
    /// <summary>The entry as which it is folded in.</summary>
    public Entry ToEntry(DateTimeOffset now) => Child is null
        ? new Entry(0, 0, 0, 0, Signal, At, now)
        : new Entry(0, Child.Step, Child.Call, 0, Child.Payload with { SignalSeq = Signal.SignalSeq }, Child.StartedAt, now, Child.Usage);
}

/// <summary>How a child run ended, from its row, which does not change any more.</summary>
internal sealed record EndedChild(int Step, int Call, ChildEnded Payload, DateTimeOffset StartedAt, Usage Usage);
