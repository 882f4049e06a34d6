using Microsoft.Extensions.Options;

namespace Minion.Models.Money;

/// <summary>
/// This process as one that holds reservations. It is alive in its own eyes only until a part of the lease has gone by since its last
/// heartbeat was sent: by its own monotonic clock, so that a pause of the process or a jump of the clock cannot mislead it.
/// </summary>
internal sealed class Holder(LedgerStore store, AccountBook book, IOptions<MoneyOptions> options, TimeProvider time)
{
    private readonly SemaphoreSlim _renewing = new(1);
    private readonly Lock _lock = new();
    private readonly string _host = $"{Environment.MachineName}:{Environment.ProcessId}";
    private long _heartbeat;
    private volatile State _state = new(Guid.CreateVersion7(), false);

    /// <summary>Its id; another one after it was taken for dead.</summary>
    public Guid Id => _state.Id;

    /// <summary>Whether what it holds is certainly still its own.</summary>
    public bool IsAlive => _state.Registered && time.GetElapsedTime(Volatile.Read(ref _heartbeat)) < options.Value.Lease * 0.8;

    /// <summary>Registers the process when it is not; returns its id.</summary>
    public async Task<Guid> EnsureAsync(CancellationToken cancellationToken)
    {
        if (!_state.Registered)
        {
            await BeatAsync(cancellationToken);
        }

        return Id;
    }

    /// <summary>Says that it is alive; false when it was taken for dead, and has a new id now.</summary>
    public async Task<bool> BeatAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        var state = _state;
        var id = state.Id;
        try
        {
            var sent = time.GetTimestamp();
            if (await store.HeartbeatAsync(state.Id, _host, !state.Registered, cancellationToken))
            {
                Volatile.Write(ref _heartbeat, sent);
                _state = state with { Registered = true };
                return true;
            }
        }
        finally
        {
            _renewing.Release();
        }

        Died(id);
        return false;
    }

    /// <summary>It was taken for dead under this id: what it held is void.</summary>
    public void Died(Guid id)
    {
        lock (_lock)
        {
            if (_state.Id == id)
            {
                _state = new State(Guid.CreateVersion7(), false);
                book.Void();
            }
        }
    }

    private sealed record State(Guid Id, bool Registered);
}
