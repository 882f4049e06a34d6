namespace Minion.Models;

/// <summary>A model call failed: the kind decides what makes sense now, the message says what happened to what, the hint what to do.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Makes one.</summary>
    public ModelException(ModelErrorKind kind, string message, string hint, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Hint = hint;
        RetryAfter = retryAfter;
    }

    /// <summary>What kind of failure it is.</summary>
    public ModelErrorKind Kind { get; }

    /// <summary>What to do about it; a sentence for a person.</summary>
    public string Hint { get; }

    /// <summary>How long the endpoint asks to wait before another attempt; null when it said nothing.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>How much of an answer had been given out when it broke off, in characters; null when it had not begun.</summary>
    public int? DeliveredCharacters { get; init; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool Retryable => Kind is ModelErrorKind.RateLimited or ModelErrorKind.Unavailable or ModelErrorKind.TimedOut or ModelErrorKind.InvalidAnswer;

    /// <summary>The kind in UPPER_SNAKE_CASE, for example <c>RATE_LIMITED</c>: for <c>Fault.Reason</c>, journals and metrics.</summary>
    public string Reason => string.Concat(Kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
}
