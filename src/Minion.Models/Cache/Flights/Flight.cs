using Microsoft.Extensions.AI;

namespace Minion.Models.Cache;

/// <summary>
/// One call to the model that all who ask the same at the same time read. It belongs to none of them: it goes on while anybody reads, and is
/// cancelled when nobody does. It waits for its readers when it is far ahead of all of them.
/// </summary>
internal sealed class Flight
{
    /// <summary>How many parts the call may be ahead of its fastest reader.</summary>
    public const int MostAhead = 256;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<ChatResponseUpdate> _parts = [];
    private readonly List<FlightReader> _readers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FlightEnd? _end;
    private bool _abandoned;

    /// <summary>What becomes of the call; read it when the flight has ended.</summary>
    public CallReport Report { get; } = new();

    /// <summary>Completes when the call has ended, however it did.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Cancelled when nobody reads any more.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>One more reader, from the beginning; null when it is too late.</summary>
    public FlightReader? Join()
    {
        lock (_lock)
        {
            if (_abandoned)
            {
                return null;
            }

            var reader = new FlightReader(this);
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>Begins the call. <paramref name="landed"/> runs before anybody hears of the end.</summary>
    public void Start(Func<Flight, Task<FlightEnd>> call, Action landed) => Ended = Task.Run(() => FlyAsync(call, landed), CancellationToken.None);

    /// <summary>Gives a part to all readers, when they are ready for it.</summary>
    public async ValueTask AddAsync(ChatResponseUpdate part)
    {
        while (true)
        {
            Task read;
            lock (_lock)
            {
                if (_parts.Count - Fastest() < MostAhead || _abandoned)
                {
                    _parts.Add(part);
                    Tell(ref _changed);
                    return;
                }

                read = _read.Task;
            }

            await read;
        }
    }

    /// <summary>The next part, the end, or what to wait for until there is more.</summary>
    internal (ChatResponseUpdate? Part, FlightEnd? End, Task Changed) Next(FlightReader reader)
    {
        lock (_lock)
        {
            if (reader.Position < _parts.Count)
            {
                // A copy: what one reader does to it is not seen by the others.
                var part = _parts[reader.Position++].Clone();
                part.Contents = [.. part.Contents];
                part.AdditionalProperties = part.AdditionalProperties?.Clone();
                Tell(ref _read);
                return (part, null, Task.CompletedTask);
            }

            return (null, _end, _changed.Task);
        }
    }

    /// <summary>Takes a reader out; true when it has to answer for the call: the first who is there at its end, or the last one to leave before.</summary>
    internal bool Leave(FlightReader reader)
    {
        lock (_lock)
        {
            if (_end is not null)
            {
                return IsPayer(reader);
            }

            _readers.Remove(reader);
            Tell(ref _read);
            if (_readers.Count > 0)
            {
                return false;
            }

            _abandoned = true;
        }

        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in between.
        }

        return true;
    }

    internal bool IsPayer(FlightReader reader) => _readers.Count > 0 && _readers[0] == reader;

    private async Task FlyAsync(Func<Flight, Task<FlightEnd>> call, Action landed)
    {
        FlightEnd end;
        try
        {
            end = await call(this);
        }
        catch (Exception error)
        {
            end = new FlightEnd { Error = error };
        }

        landed();
        lock (_lock)
        {
            _end = end;
            Tell(ref _changed);
        }

        _cancel.Dispose();
    }

    private static void Tell(ref TaskCompletionSource signal)
    {
        signal.TrySetResult();
        signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private int Fastest() => _readers.Count == 0 ? 0 : _readers.Max(r => r.Position);
}
