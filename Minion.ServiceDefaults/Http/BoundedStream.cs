namespace Minion.ServiceDefaults.Http;

/// <summary>Reads at most so many bytes of an answer: one without an end must not fill the memory.</summary>
/// <param name="inner">The answer's body.</param>
/// <param name="largest">Bytes of the whole body, or of one event of a stream of events.</param>
/// <param name="tooLong">Makes what is thrown when there is more.</param>
/// <param name="events">Whether the body is a stream of events (<c>text/event-stream</c>), which may go on without an end.</param>
public sealed class BoundedStream(Stream inner, long largest, Func<Exception> tooLong, bool events = false) : Stream
{
    private long _count;
    private bool _lineHasText;
    private bool _afterReturn;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Count(buffer.AsSpan(offset, read));
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        if (events)
        {
            CountEvents(bytes);
        }
        else
        {
            Add(bytes.Length);
        }
    }

    /// <summary>An empty line ends an event; lines end with CR, LF or both. Source: HTML Standard, section 9.2.6.</summary>
    private void CountEvents(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOfAny((byte)'\n', (byte)'\r') is var end and >= 0)
        {
            // The line feed after a carriage return belongs to the line that has ended already.
            if (end > 0 || bytes[0] != (byte)'\n' || !_afterReturn)
            {
                Add(end + 1);
                _count = end > 0 || _lineHasText ? _count : 0;
                _lineHasText = false;
            }

            _afterReturn = bytes[end] == (byte)'\r';
            bytes = bytes[(end + 1)..];
        }

        Add(bytes.Length);
        _lineHasText |= bytes.Length > 0;
        _afterReturn &= bytes.Length == 0;
    }

    private void Add(int bytes)
    {
        if ((_count += bytes) > largest)
        {
            throw tooLong();
        }
    }
}
