namespace Minion.Orchestration.Runs.Watching;

/// <summary>What the tools of a run have said last, as much as is kept for watchers. Guarded by the feed that it belongs to.</summary>
internal sealed class ToolOutputs
{
    /// <summary>Pieces that are at hand.</summary>
    public const int MostPieces = 64;

    /// <summary>Characters of them together.</summary>
    public const int MostCharacters = 64 * 1024;

    private readonly List<LiveOutput> _pieces = [];
    private OutputPosition _last;
    private int _length;

    /// <summary>Adds what a tool of this process's run has said.</summary>
    public void Add(LiveOutput piece, long committed) => Keep(piece with
    {
        Base = Math.Max(piece.Base, committed),
        Position = new OutputPosition(piece.Position.Epoch, piece.Position.Epoch == _last.Epoch ? _last.Number + 1 : 1),
    });

    /// <summary>Adds what another process has told, unless it is here.</summary>
    public void Receive(IEnumerable<LiveOutput> pieces)
    {
        foreach (var piece in pieces.Where(p => p.Position.IsAfter(_last)))
        {
            Keep(piece);
        }
    }

    /// <summary>The next piece for who has been told the entries up to <paramref name="told"/>; null when there is none, or an entry comes first.</summary>
    public LiveOutput? After(OutputPosition position, long told) => _pieces.Find(p => p.Position.IsAfter(position) && p.Base >= told) is { } next && next.Base == told ? next : null;

    /// <summary>The pieces after a position, as many as go into a message.</summary>
    public List<LiveOutput> Unsent(OutputPosition position)
    {
        var room = LiveFeed.MostCharacters;
        return [.. _pieces.Where(p => p.Position.IsAfter(position)).TakeWhile((p, i) => (room -= p.Text.Length) >= 0 || i == 0)];
    }

    private void Keep(LiveOutput piece)
    {
        _pieces.Add(piece);
        _last = piece.Position;
        _length += piece.Text.Length;
        while (_pieces.Count > MostPieces || (_length > MostCharacters && _pieces.Count > 1))
        {
            _length -= _pieces[0].Text.Length;
            _pieces.RemoveAt(0);
        }
    }
}
