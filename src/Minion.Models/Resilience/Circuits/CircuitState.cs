namespace Minion.Models.Resilience;

/// <summary>Whether a model is called.</summary>
internal enum CircuitState
{
    /// <summary>It is.</summary>
    Closed = 0,

    /// <summary>One call tries whether it works again.</summary>
    HalfOpen,

    /// <summary>It is not: too many attempts failed.</summary>
    Open,
}
