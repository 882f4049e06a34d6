using System.Text;
using System.Threading.Channels;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>
/// One run's live parts for the watchers of this process, and the text of the call under way, for those who join in the middle. A watcher that
/// reads too slowly loses parts, never entries: it sees the gap in their numbers and reads the journal.
/// </summary>
internal sealed class LiveFeed
{
    private const int MaxBehind = 1_024;

    private readonly Lock _lock = new();
    private readonly List<Channel<LivePart>> _watchers = [];
    private readonly StringBuilder _text = new();
    private CallPosition _position;

    public bool HasText
    {
        get
        {
            lock (_lock)
            {
                return _text.Length > 0;
            }
        }
    }

    public ChannelReader<LivePart> Join(out Action leave)
    {
        var channel = Channel.CreateBounded<LivePart>(new BoundedChannelOptions(MaxBehind) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_lock)
        {
            if (_text.Length > 0)
            {
                channel.Writer.TryWrite(new LiveDelta(_position, 0, _text.ToString()));
            }

            _watchers.Add(channel);
        }

        leave = () =>
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        };
        return channel.Reader;
    }

    public void Begin(CallPosition position)
    {
        lock (_lock)
        {
            _position = position;
            _text.Clear();
        }
    }

    public void Delta(string text)
    {
        lock (_lock)
        {
            var offset = _text.Length;
            _text.Append(text);
            Tell(new LiveDelta(_position, offset, text));
        }
    }

    public void Committed(IReadOnlyList<Entry> entries)
    {
        lock (_lock)
        {
            if (entries.Any(e => e.Payload is ModelAnswered))
            {
                _text.Clear();
            }

            Tell(new LiveEntries(entries));
        }
    }

    private void Tell(LivePart part)
    {
        foreach (var watcher in _watchers)
        {
            watcher.Writer.TryWrite(part);
        }
    }
}
