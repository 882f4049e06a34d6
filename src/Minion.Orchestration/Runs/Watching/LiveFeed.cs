using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching.Remote;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>
/// One run's live parts for the watchers of this process: the answer under way, and the newest entries. Each watcher takes from it what it has not seen
/// yet, at its own pace; nothing is kept for a slow one.
/// </summary>
/// <param name="changed">Told when there is something new for other processes; must return at once.</param>
internal sealed class LiveFeed(Action<LiveFeed>? changed = null)
{
    /// <summary>Entries that are at hand for watchers; older ones are read from the journal.</summary>
    public const int MostEntries = 64;

    /// <summary>Characters of one delta, and of one message to other processes.</summary>
    public const int MostCharacters = 32 * 1024;

    private readonly Lock _lock = new();
    private readonly List<LiveReader> _readers = [];
    private readonly List<Entry> _entries = [];
    private readonly AnswerUnderWay _answer = new();
    private readonly ToolOutputs _outputs = new();
    private long _committed;
    private RemoteSent _sent;

    /// <summary>Whether the call under way has brought text.</summary>
    public bool HasText
    {
        get
        {
            lock (_lock)
            {
                return _answer.Length(DeltaKind.Text) > 0;
            }
        }
    }

    /// <summary>Something of what other processes have told is missing.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Entries that are kept for watchers.</summary>
    public int KeptEntries
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    public LiveReader Join()
    {
        var reader = new LiveReader(this);
        lock (_lock)
        {
            _readers.Add(reader);
        }

        reader.Tell();
        return reader;
    }

    public void Leave(LiveReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }
    }

    /// <summary>A model call begins.</summary>
    public void Begin(CallPosition position, string? purpose = null)
    {
        lock (_lock)
        {
            _answer.Begin(position, _committed, purpose);
            _sent = _sent with { Text = 0, Reasoning = 0, Calls = 0 };
        }
    }

    public void Delta(string text, DeltaKind kind = DeltaKind.Text) => Change(() => _answer.Add(kind, text));

    public void Call(RequestedCall call) => Change(() => _answer.Add(call));

    /// <summary>A tool says something while it works; the number of the position is given here.</summary>
    public void Output(LiveOutput piece) => Change(() => _outputs.Add(piece, _committed));

    public void Committed(IReadOnlyList<Entry> entries) => Change(() =>
    {
        _entries.AddRange(entries);
        if (_entries.Count > MostEntries)
        {
            _entries.RemoveRange(0, _entries.Count - MostEntries);
        }

        _committed = entries.Count > 0 ? entries[^1].Seq : _committed;
    });

    /// <summary>What the answer to the user has said so far, of a step after the given one; empty when there is none under way.</summary>
    public string TextAfter(int step)
    {
        lock (_lock)
        {
            return _answer.Position.Step > step && _answer.Purpose is null ? _answer.Piece(DeltaKind.Text, 0) : "";
        }
    }

    /// <summary>What comes next for a watcher; null when there is nothing now. The answer of a step comes before the step's entry, and after those before.</summary>
    public LivePart? Next(LiveReader reader)
    {
        lock (_lock)
        {
            return (_answer.Base <= reader.Told && _answer.Position.Step > reader.Answered ? NextOfAnswer(reader) : null)
                ?? _outputs.After(reader.Output, reader.Told)
                ?? NextEntries(reader);
        }
    }

    /// <summary>It is sent again to other processes.</summary>
    public void SendAgain()
    {
        lock (_lock)
        {
            _sent = default;
        }

        changed?.Invoke(this);
    }

    /// <summary>What has not been sent to other processes yet, as much as goes into a message; null when there is nothing.</summary>
    public RemotePart? TakeUnsent(string sender)
    {
        lock (_lock)
        {
            var (part, sent) = RemotePart.Next(sender, _answer, _outputs, _committed, _sent);
            _sent = sent;
            return part;
        }
    }

    /// <summary>What another process has sent.</summary>
    public void Receive(RemotePart part)
    {
        lock (_lock)
        {
            HasGap = !part.AddTo(_answer);
            _outputs.Receive(part.Outputs ?? []);
            _committed = Math.Max(_committed, part.Committed);
            _readers.ForEach(r => r.Tell());
        }
    }

    private LivePart? NextOfAnswer(LiveReader reader)
    {
        if (reader.Position != _answer.Position)
        {
            if (_answer.IsEmpty || !_answer.Position.IsAfter(reader.Position))
            {
                return null;
            }

            reader.MoveTo(_answer.Position);
        }

        if (_answer.Length(DeltaKind.Reasoning) > reader.Reasoning)
        {
            return Delta(DeltaKind.Reasoning, reader.Reasoning);
        }

        if (_answer.Length(DeltaKind.Text) > reader.Text)
        {
            return Delta(DeltaKind.Text, reader.Text);
        }

        return _answer.Calls.Count > reader.Calls ? new LiveCall(_answer.Position, _answer.Calls[reader.Calls]) : null;
    }

    private LiveDelta Delta(DeltaKind kind, int from) =>
        new(_answer.Position, from, _answer.Piece(kind, from, MostCharacters), kind) { Purpose = _answer.Purpose };

    private LivePart? NextEntries(LiveReader reader)
    {
        if (_committed <= reader.Told)
        {
            return null;
        }

        var first = _entries.FindIndex(e => e.Seq == reader.Told + 1);
        return first < 0 ? LiveBehind.One : new LiveEntries(_entries[first..]);
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _readers.ForEach(r => r.Tell());
        }

        changed?.Invoke(this);
    }
}
