using System.Threading.Channels;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Watching;

/// <summary>
/// Where one watcher stands in a feed. It holds positions and no parts: however slowly it reads, nothing gathers for it, and what the feed has no
/// more is in the journal.
/// </summary>
internal sealed class LiveReader(LiveFeed feed) : IDisposable
{
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>The last entry that the watcher was told.</summary>
    public long Told { get; private set; }

    /// <summary>The last step whose answer it was told from the journal.</summary>
    public int Answered { get; private set; }

    public CallPosition Position { get; private set; }

    public int Text { get; private set; }

    public int Reasoning { get; private set; }

    public int Calls { get; private set; }

    /// <summary>The last of what tools said that it was told.</summary>
    public OutputPosition Output { get; private set; }

    /// <summary>Something that other processes have told is missing: it must be asked for.</summary>
    public bool LacksText => feed.HasGap;

    /// <summary>Begins where an earlier watch was cut, within the answer under way.</summary>
    public void StartAt(CallPosition position, int text, int reasoning, int calls) => (Position, Text, Reasoning, Calls) = (position, text, reasoning, calls);

    /// <summary>What tools have said up to there is not told again.</summary>
    public void StartAt(OutputPosition output) => Output = output;

    public void HasTold(Entry entry)
    {
        Told = Math.Max(Told, entry.Seq);
        if (entry.Payload is ModelAnswered)
        {
            Answered = Math.Max(Answered, entry.Step);
        }
    }

    public void StartAfter(long seq) => Told = Math.Max(Told, seq);

    /// <summary>The next part; null when there is none now.</summary>
    public LivePart? Take()
    {
        var part = feed.Next(this);
        switch (part)
        {
            case LiveEntries entries:
                foreach (var entry in entries.Entries)
                {
                    HasTold(entry);
                }

                break;
            case LiveDelta { Kind: DeltaKind.Text } text:
                Text = text.Offset + text.Text.Length;
                break;
            case LiveDelta reasoning:
                Reasoning = reasoning.Offset + reasoning.Text.Length;
                break;
            case LiveOutput output:
                Output = output.Position;
                break;
            case LiveCall:
                Calls++;
                break;
        }

        return part;
    }

    /// <summary>A later call, or attempt, has taken the place of the one that was shown.</summary>
    public void MoveTo(CallPosition position) => (Position, Text, Reasoning, Calls) = (position, 0, 0, 0);

    public void Tell() => _news.Writer.TryWrite(true);

    /// <summary>Waits for news; false when there was none for <paramref name="longest"/>.</summary>
    public async Task<bool> WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken ct)
    {
        if (_news.Reader.TryRead(out _))
        {
            return true;
        }

        using var silence = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token);
        try
        {
            return await _news.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => feed.Leave(this);
}
