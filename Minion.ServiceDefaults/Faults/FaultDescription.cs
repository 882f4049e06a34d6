using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Faults;

/// <summary>What a caller hears of a failure.</summary>
/// <param name="Status">The gRPC status.</param>
/// <param name="Reason">Machine-readable.</param>
/// <param name="Message">What happened, to what.</param>
/// <param name="Hint">What to do about it; may be empty.</param>
/// <param name="Fields">All fields that are wrong.</param>
/// <param name="ErrorId">Set when the cause is in the log only, under this id.</param>
public sealed record FaultDescription(
    StatusCode Status,
    string Reason,
    string Message,
    string Hint,
    IReadOnlyList<FieldViolation> Fields,
    string? ErrorId = null)
{
    /// <summary>google.rpc.Code's mapping to HTTP.</summary>
    public int HttpStatus => Status switch
    {
        StatusCode.OK => 200,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.AlreadyExists or StatusCode.Aborted => 409,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Cancelled => 499,
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable => 503,
        StatusCode.DeadlineExceeded => 504,
        _ => 500,
    };
}
