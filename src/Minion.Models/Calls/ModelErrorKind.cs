namespace Minion.Models;

/// <summary>What kind of failure a model call ended in; it decides whether another attempt or another provider makes sense.</summary>
public enum ModelErrorKind
{
    /// <summary>The call or the model's definition is wrong; it fails again the same way.</summary>
    InvalidRequest = 1,

    /// <summary>The provider's policy refused to answer.</summary>
    Refused,

    /// <summary>No money or quota is left for the call.</summary>
    OverBudget,

    /// <summary>Too many calls in a short time.</summary>
    RateLimited,

    /// <summary>The endpoint cannot be reached, is overloaded, or broke off.</summary>
    Unavailable,

    /// <summary>No answer, or no further part of it, came in time.</summary>
    TimedOut,

    /// <summary>The conversation is longer than the model's context.</summary>
    ContextOverflow,

    /// <summary>The endpoint's key is missing or not accepted.</summary>
    BadKey,

    /// <summary>The endpoint does not have the model.</summary>
    UnknownModel,

    /// <summary>What answered at the address is not an OpenAI-compatible endpoint.</summary>
    WrongEndpoint,

    /// <summary>The endpoint's answer makes no sense: not JSON, without choices, or without an end.</summary>
    InvalidAnswer,
}
