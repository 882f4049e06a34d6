using System.Globalization;
using System.Text;

namespace Minion.Tools.Sandboxes.Output;

/// <summary>Keeps the beginning and the end of an output, in memory that does not grow with it.</summary>
internal sealed class OutputBuffer(int limit)
{
    private readonly byte[] _head = new byte[limit * 3 / 4];
    private readonly byte[] _tail = new byte[limit - (limit * 3 / 4)];
    private int _headLength;

    /// <summary>Bytes that came.</summary>
    public long Total { get; private set; }

    /// <summary>Whether something was left out.</summary>
    public bool Cut => Total > limit;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var toHead = Math.Min(bytes.Length, _head.Length - _headLength);
        bytes[..toHead].CopyTo(_head.AsSpan(_headLength));
        _headLength += toHead;
        var position = Total + toHead - _head.Length;
        Total += bytes.Length;
        bytes = bytes[toHead..];
        if (bytes.Length > _tail.Length)
        {
            position += bytes.Length - _tail.Length;
            bytes = bytes[^_tail.Length..];
        }

        foreach (var value in bytes)
        {
            _tail[position++ % _tail.Length] = value;
        }
    }

    /// <summary>What is kept, with a line that says how much is missing; safe to show.</summary>
    public string Text()
    {
        var head = Encoding.UTF8.GetString(_head, 0, _headLength);
        var inTail = Total - _headLength;
        if (inTail == 0)
        {
            return TerminalText.Safe(head);
        }

        if (inTail <= _tail.Length)
        {
            return TerminalText.Safe(Encoding.UTF8.GetString([.. _head.AsSpan(0, _headLength), .. _tail.AsSpan(0, (int)inTail)]));
        }

        var start = (int)(inTail % _tail.Length);
        var tail = Encoding.UTF8.GetString([.. _tail.AsSpan(start), .. _tail.AsSpan(0, start)]);
        return string.Create(CultureInfo.InvariantCulture, $"{TerminalText.Safe(head)}\n… {inTail - _tail.Length} bytes are left out here …\n{TerminalText.Safe(tail)}");
    }
}
