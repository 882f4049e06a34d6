using System.Text;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>What the newest model call of a run has brought so far. Guarded by the feed that it belongs to.</summary>
internal sealed class AnswerUnderWay
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly List<RequestedCall> _calls = [];

    public CallPosition Position { get; private set; }

    /// <summary>The last entry that was durable when the call began: those up to it are told first.</summary>
    public long Base { get; private set; }

    public string? Purpose { get; private set; }

    public IReadOnlyList<RequestedCall> Calls => _calls;

    public bool IsEmpty => _text.Length == 0 && _reasoning.Length == 0 && _calls.Count == 0;

    public void Begin(CallPosition position, long @base, string? purpose)
    {
        (Position, Base, Purpose) = (position, @base, purpose);
        _text.Clear();
        _reasoning.Clear();
        _calls.Clear();
    }

    public int Length(DeltaKind kind) => Of(kind).Length;

    public void Add(DeltaKind kind, string text) => Of(kind).Append(text);

    public void Add(RequestedCall call) => _calls.Add(call);

    /// <summary>Adds what is new of a piece that begins at an offset; false when something is missing before it.</summary>
    public bool AddAt(DeltaKind kind, int offset, string text)
    {
        var have = Length(kind);
        if (offset + text.Length > have && offset <= have)
        {
            Of(kind).Append(text, have - offset, text.Length - (have - offset));
        }

        return offset <= have;
    }

    /// <summary>A piece of at most <paramref name="most"/> characters; never half of a character.</summary>
    public string Piece(DeltaKind kind, int from, int most = int.MaxValue)
    {
        var text = Of(kind);
        var length = Math.Min(most, text.Length - from);
        if (length < text.Length - from && length > 1 && char.IsHighSurrogate(text[from + length - 1]))
        {
            length--;
        }

        return text.ToString(from, length);
    }

    private StringBuilder Of(DeltaKind kind) => kind == DeltaKind.Text ? _text : _reasoning;
}
