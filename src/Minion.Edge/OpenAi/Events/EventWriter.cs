using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Minion.Edge.OpenAi.Json;

namespace Minion.Edge.OpenAi.Events;

/// <summary>Writes server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) whose data is JSON.</summary>
internal sealed class EventWriter(PipeWriter output) : IDisposable
{
    // What has not been flushed: as long as the client reads on, it stays far below this.
    private const int MostPending = 16 * 1024;

    private readonly Utf8JsonWriter _json = new(output, JsonForm.Writer);
    private long _pending;

    /// <summary>Whether so much is written that it must be sent before more is.</summary>
    public bool IsFull => _pending >= MostPending;

    /// <summary>Begins an event without a name; write its data, then call <see cref="End"/>.</summary>
    public Utf8JsonWriter Begin()
    {
        Write("data: "u8);
        _json.Reset();
        return _json;
    }

    /// <summary>Begins an event with a name.</summary>
    public Utf8JsonWriter Begin(ReadOnlySpan<byte> name)
    {
        Write("event: "u8);
        Write(name);
        Write("\n"u8);
        return Begin();
    }

    public void End()
    {
        _json.Flush();
        _pending += _json.BytesCommitted;
        Write("\n\n"u8);
    }

    /// <summary>The mark at the end of a stream of chunks.</summary>
    public void Done() => Write("data: [DONE]\n\n"u8);

    /// <summary>A sign of life that clients ignore.</summary>
    public void KeepAlive() => Write(": \n\n"u8);

    /// <summary>Sends what is written; waits while the client does not read.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _pending = 0;
        var result = await output.FlushAsync(cancellationToken);
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new OperationCanceledException("The client is gone.");
        }
    }

    public void Dispose() => _json.Dispose();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _pending += bytes.Length;
    }
}
