using System.Text;
using System.Threading.Channels;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching.Remote;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>
/// One run's live parts for the watchers of this process, and the text of the call under way, for those who join in the middle. A watcher that
/// reads too slowly loses parts, never entries: it sees the gap in their numbers and reads the journal.
/// </summary>
/// <param name="changed">Told when there is something new for other processes; must return at once.</param>
internal sealed class LiveFeed(Action<LiveFeed>? changed = null)
{
    private const int MaxBehind = 1_024;

    private readonly Lock _lock = new();
    private readonly List<Channel<LivePart>> _watchers = [];
    private readonly StringBuilder _text = new();
    private CallPosition _position;
    private int _sentText;
    private long _committed;
    private long _sentCommitted;

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
            _sentText = 0;
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

        changed?.Invoke(this);
    }

    public void Committed(IReadOnlyList<Entry> entries)
    {
        lock (_lock)
        {
            if (entries.Any(e => e.Payload is ModelAnswered))
            {
                _text.Clear();
                _sentText = 0;
            }

            _committed = entries.Count > 0 ? entries[^1].Seq : _committed;
            Tell(new LiveEntries(entries));
        }

        changed?.Invoke(this);
    }

    /// <summary>The text of the call under way is told again here, from its start: somebody lacks some of it.</summary>
    public void TellAgain()
    {
        lock (_lock)
        {
            if (_text.Length > 0)
            {
                Tell(new LiveDelta(_position, 0, _text.ToString()));
            }
        }
    }

    /// <summary>It is sent again to other processes.</summary>
    public void SendAgain()
    {
        lock (_lock)
        {
            _sentText = 0;
            _sentCommitted = 0;
        }

        changed?.Invoke(this);
    }

    /// <summary>What has not been sent to other processes yet, all in one; null when there is nothing.</summary>
    public RemotePart? TakeUnsent(string sender)
    {
        lock (_lock)
        {
            if (_sentText == _text.Length && _sentCommitted == _committed)
            {
                return null;
            }

            var part = new RemotePart(sender, _committed, _position, _sentText, _text.ToString(_sentText, _text.Length - _sentText));
            (_sentText, _sentCommitted) = (_text.Length, _committed);
            return part;
        }
    }

    /// <summary>What another process has sent.</summary>
    public void Receive(RemotePart part)
    {
        lock (_lock)
        {
            if (part.Committed > 0)
            {
                Tell(new LiveCommitted(part.Committed));
            }

            if (part.Text.Length > 0)
            {
                Tell(new LiveDelta(part.Position, part.Offset, part.Text));
            }
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
