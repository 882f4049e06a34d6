using Grpc.Core;

namespace Minion.Contracts.Faults;

/// <summary>One field of a request that is not as it should be.</summary>
/// <param name="Field">The field's path in the request, for example <c>definition.limits.max_steps</c>.</param>
/// <param name="Message">What is wrong with it and what is allowed.</param>
public sealed record FieldViolation(string Field, string Message);

/// <summary>
/// A failure that the caller should hear of: what happened, to what, and what to do now. Anything else that is thrown reaches the
/// caller as INTERNAL, without its message. Travels over gRPC as a status with <c>google.rpc.ErrorInfo</c> and, for field
/// violations, <c>google.rpc.BadRequest</c>.
/// </summary>
public sealed class Fault : Exception
{
    /// <summary>The domain of every reason, as in <c>google.rpc.ErrorInfo.domain</c>.</summary>
    public const string Domain = "minion.dev";

    /// <summary>Makes a fault.</summary>
    /// <param name="status">The gRPC status that the caller gets.</param>
    /// <param name="reason">Machine-readable, in UPPER_SNAKE_CASE, for example <c>AGENT_NOT_FOUND</c>.</param>
    /// <param name="message">What happened, to what; a sentence.</param>
    /// <param name="hint">What to do about it; a sentence, or empty.</param>
    /// <param name="fields">All fields that are wrong, for INVALID_ARGUMENT.</param>
    public Fault(StatusCode status, string reason, string message, string hint = "", IReadOnlyList<FieldViolation>? fields = null)
        : base(message)
    {
        Status = status;
        Reason = reason;
        Hint = hint;
        Fields = fields ?? [];
    }

    /// <summary>The gRPC status that the caller gets.</summary>
    public StatusCode Status { get; }

    /// <summary>Machine-readable, in UPPER_SNAKE_CASE.</summary>
    public string Reason { get; }

    /// <summary>What to do about it; may be empty.</summary>
    public string Hint { get; }

    /// <summary>All fields that are wrong; empty unless the status is INVALID_ARGUMENT.</summary>
    public IReadOnlyList<FieldViolation> Fields { get; }

    /// <summary>A thing that the tenant does not have: NOT_FOUND with reason <c>{KIND}_NOT_FOUND</c>.</summary>
    public static Fault NotFound(string kind, string name, string hint = "") =>
        new(StatusCode.NotFound, $"{kind.ToUpperInvariant().Replace(' ', '_')}_NOT_FOUND", $"There is no {kind} '{name}'.", hint);
}
