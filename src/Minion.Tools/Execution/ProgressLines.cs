using System.Text;
using System.Threading.Channels;
using Minion.Tools.Sandboxes.Output;

namespace Minion.Tools.Execution;

/// <summary>
/// What a tool says while it works, on its way to the caller: lines that are safe to show, in memory that does not grow with them. What the caller
/// does not take in time is left out, the oldest first, and said so; so is what comes after a call has said enough.
/// </summary>
internal sealed class ProgressLines : IProgress<string>
{
    /// <summary>Characters of all that a call says.</summary>
    public const int Most = 256 * 1024;

    /// <summary>Characters that wait for the caller.</summary>
    public const int MostWaiting = 16 * 1024;

    /// <summary>Characters of a line; what is more of it is left out.</summary>
    public const int Longest = 2_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _waiting = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _length;
    private int _leftOut;
    private int _given;
    private bool _enough;

    public void Report(string value)
    {
        foreach (var range in value.AsSpan().SplitAny("\r\n"))
        {
            if (range.End.Value > range.Start.Value)
            {
                Add(value.AsSpan(range));
            }
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Done when there may be something to take.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _news.Reader.ReadAsync(cancellationToken);

    /// <summary>The lines that wait; null when there are none.</summary>
    public string? Take()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || _enough)
            {
                return null;
            }

            var text = new StringBuilder(_length + _waiting.Count);
            if (_leftOut > 0)
            {
                text.Append("… ").Append(_leftOut).Append(_leftOut == 1 ? " line is left out here …" : " lines are left out here …");
            }

            while (_waiting.TryDequeue(out var line))
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(line);
            }

            _given += _length;
            (_length, _leftOut, _enough) = (0, 0, _given >= Most);
            return _enough ? text.Append("\n… what it says from here on is left out …").ToString() : text.ToString();
        }
    }

    private void Add(ReadOnlySpan<char> line)
    {
        var whole = line.Length <= Longest ? line : line[..(char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest)];
        var safe = TerminalText.Safe(whole.ToString()) + (whole.Length < line.Length ? "…" : "");
        lock (_lock)
        {
            if (_enough)
            {
                return;
            }

            _waiting.Enqueue(safe);
            _length += safe.Length;
            while (_length > MostWaiting && _waiting.TryDequeue(out var oldest))
            {
                _length -= oldest.Length;
                _leftOut++;
            }
        }
    }
}
