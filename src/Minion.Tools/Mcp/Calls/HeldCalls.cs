namespace Minion.Tools.Mcp.Calls;

/// <summary>
/// The calls whose server waits for an answer. One that is not asked for in time is ended: the call is made anew then.
/// </summary>
internal sealed class HeldCalls(TimeSpan hold, TimeProvider time) : IAsyncDisposable
{
    private const int Most = 64;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Held> _calls = [];

    /// <summary>How many are held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _calls.Count;
            }
        }
    }

    /// <summary>Keeps <paramref name="call"/> open; null, and the call is not kept, when that is not possible.</summary>
    public Guid? Keep(OpenCall call, IReadOnlyList<Question> questions, Action<OpenCall> end)
    {
        if (hold == TimeSpan.Zero)
        {
            return null;
        }

        var id = Guid.CreateVersion7();
        lock (_lock)
        {
            if (_calls.Count >= Most)
            {
                return null;
            }

            var timer = time.CreateTimer(_ => Expire(id), state: null, hold, Timeout.InfiniteTimeSpan);
            _calls[id] = new Held(call, questions, timer, end);
        }

        return id;
    }

    /// <summary>The call and its questions; it belongs to the caller from here on. Null when it is not held any longer.</summary>
    public (OpenCall Call, IReadOnlyList<Question> Questions)? Take(Guid id)
    {
        lock (_lock)
        {
            if (!_calls.Remove(id, out var held))
            {
                return null;
            }

            held.Timer.Dispose();
            return (held.Call, held.Questions);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Held[] all;
        lock (_lock)
        {
            all = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var held in all)
        {
            await held.Timer.DisposeAsync();
            await held.Call.DisposeAsync();
        }
    }

    private void Expire(Guid id)
    {
        Held? held;
        lock (_lock)
        {
            _calls.Remove(id, out held);
        }

        held?.Timer.Dispose();
        held?.End(held.Call);
    }

    private sealed record Held(OpenCall Call, IReadOnlyList<Question> Questions, ITimer Timer, Action<OpenCall> End);
}
