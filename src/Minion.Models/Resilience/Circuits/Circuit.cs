namespace Minion.Models.Resilience;

/// <summary>
/// The circuit breaker of one model at one endpoint (Nygard, Release It!, 2007), and its health. An attempt asks
/// <see cref="TryEnter"/> first and says afterwards how it ended, once.
/// </summary>
internal sealed class Circuit(ResilienceOptions options, TimeProvider time, Action<CircuitState> changed)
{
    private const int MostDoublings = 3;

    private readonly Lock _lock = new();
    private readonly SlidingWindow _window = new(TimeSpan.FromSeconds(options.WindowSeconds), time);
    private CircuitState _state;
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _until;
    private TimeSpan _unusableUntil;
    private int _failedTries;
    private bool _trying;

    public CircuitState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    public Health Health
    {
        get
        {
            lock (_lock)
            {
                return _window.Read();
            }
        }
    }

    /// <summary>How long nothing is sent to it; zero when something may be.</summary>
    public TimeSpan Closes
    {
        get
        {
            lock (_lock)
            {
                return Left();
            }
        }
    }

    /// <summary>Whether another model is the better choice: it is broken, or has just refused the key or the model.</summary>
    public bool IsPoor
    {
        get
        {
            lock (_lock)
            {
                return Left() > TimeSpan.Zero || Now < _unusableUntil;
            }
        }
    }

    /// <summary>Whether an attempt may be made; of those that come while the circuit is half open, one.</summary>
    /// <param name="entry">What to say the outcome to.</param>
    /// <param name="wait">How long it stays closed to attempts, when it is.</param>
    public bool TryEnter(out Entry entry, out TimeSpan wait)
    {
        lock (_lock)
        {
            wait = Left();
            if (wait > TimeSpan.Zero)
            {
                entry = default;
                return false;
            }

            var tries = _state != CircuitState.Closed;
            if (tries)
            {
                _trying = true;
                Become(CircuitState.HalfOpen);
            }

            entry = new Entry(this, tries);
            return true;
        }
    }

    /// <summary>A probe found the endpoint closed to connections: no call is spent on it before the next one.</summary>
    public void StaysBroken(TimeSpan until)
    {
        lock (_lock)
        {
            if (_state == CircuitState.Open && Now + until > _until)
            {
                _until = Now + until;
            }
        }
    }

    /// <summary>It refused the key or the model: it will again, for all callers, but that is no reason not to tell them so.</summary>
    public void Unusable(TimeSpan during)
    {
        lock (_lock)
        {
            _unusableUntil = Now + during;
        }
    }

    private void End(bool tried, bool? failed, TimeSpan? firstPart)
    {
        lock (_lock)
        {
            if (firstPart is { } after)
            {
                _window.AddFirstPart(after);
            }

            if (failed is { } bad)
            {
                _window.Add(bad);
            }

            if (tried)
            {
                EndTry(failed);
            }
            else if (failed == true && _state == CircuitState.Closed && _window.Read() is var health
                && health.Attempts >= options.LeastAttempts && health.ErrorRate >= options.FailureRatio)
            {
                Break();
            }
        }
    }

    private void EndTry(bool? failed)
    {
        _trying = false;
        switch (failed)
        {
            case true:
                _failedTries++;
                Break();
                break;
            case false:
                _failedTries = 0;
                _window.Clear();
                Become(CircuitState.Closed);
                break;
            default:
                // It was given up: the next one tries.
                break;
        }
    }

    private void Break()
    {
        _until = Now + (TimeSpan.FromSeconds(options.BreakSeconds) * (1 << Math.Min(_failedTries, MostDoublings)));
        Become(CircuitState.Open);
    }

    private TimeSpan Left() => _state switch
    {
        CircuitState.Open when _until - Now is var left && left > TimeSpan.Zero => left,
        CircuitState.HalfOpen when _trying => TimeSpan.FromSeconds(1),
        _ => TimeSpan.Zero,
    };

    // Measured, not read from the wall clock: one that is set back would keep a circuit open.
    private TimeSpan Now => time.GetElapsedTime(_start);

    private void Become(CircuitState state)
    {
        if (_state != state)
        {
            _state = state;
            changed(state);
        }
    }

    /// <summary>An attempt under way.</summary>
    public readonly record struct Entry
    {
        private readonly Circuit _circuit;
        private readonly bool _tries;

        internal Entry(Circuit circuit, bool tries) => (_circuit, _tries) = (circuit, tries);

        /// <summary>It answered.</summary>
        public void Succeeded(TimeSpan? firstPart) => _circuit.End(_tries, failed: false, firstPart);

        /// <summary>It failed through the model's or its endpoint's fault.</summary>
        public void Failed(TimeSpan? firstPart) => _circuit.End(_tries, failed: true, firstPart);

        /// <summary>It says nothing about the model: it was given up, or the request was wrong.</summary>
        public void SaysNothing(TimeSpan? firstPart) => _circuit.End(_tries, failed: null, firstPart);
    }
}
