using System.Globalization;
using Grpc.Core;
using Minion.Models;
using Minion.ServiceDefaults.Faults;

namespace Minion.Edge.OpenAi.Errors;

/// <summary>The one table from what went wrong to what a client of OpenAI's API reads.</summary>
internal static class ApiErrors
{
    /// <summary>
    /// A failed model call. That the gateway's own key is refused, or its endpoint is not one, is no fault of the client: these are errors
    /// of the server, never 401.
    /// </summary>
    public static ApiError From(ModelException failure)
    {
        var message = failure.Hint.Length > 0 ? $"{failure.Message} {failure.Hint}" : failure.Message;
        return failure.Kind switch
        {
            ModelErrorKind.InvalidRequest => ApiError.Invalid(null, message),
            ModelErrorKind.Refused => ApiError.Invalid(null, message, "content_filter"),
            ModelErrorKind.ContextOverflow => ApiError.Invalid("messages", message, "context_length_exceeded"),
            ModelErrorKind.UnknownModel => new ApiError(404, ApiError.InvalidRequest, "model_not_found", "model", message),
            ModelErrorKind.OverBudget => new ApiError(429, ApiError.InsufficientQuota, "insufficient_quota", null, message) { Final = failure.RetryAfter is null, RetryAfter = failure.RetryAfter },
            ModelErrorKind.RateLimited => new ApiError(429, ApiError.RateLimit, "rate_limit_exceeded", null, message) { RetryAfter = failure.RetryAfter ?? TimeSpan.FromSeconds(1) },
            ModelErrorKind.TimedOut => new ApiError(504, ApiError.Server, "timeout", null, message),
            ModelErrorKind.Unavailable => new ApiError(503, ApiError.Server, "model_unavailable", null, message) { RetryAfter = failure.RetryAfter },
            ModelErrorKind.BadKey or ModelErrorKind.WrongEndpoint => new ApiError(502, ApiError.Server, failure.Reason.ToLowerInvariant(), null, message) { Final = true },
            _ => new ApiError(502, ApiError.Server, failure.Reason.ToLowerInvariant(), null, message),
        };
    }

    /// <summary>Any other failure, as the one table of Minion describes it.</summary>
    public static ApiError From(FaultDescription fault)
    {
        var message = fault.Hint.Length > 0 ? $"{fault.Message} {fault.Hint}" : fault.Message;
        var code = fault.Reason.ToLower(CultureInfo.InvariantCulture);
        var param = fault.Fields is [var field, ..] ? field.Field : null;
        return fault.Status switch
        {
            StatusCode.Unauthenticated => new ApiError(401, ApiError.Authentication, "invalid_api_key", null, message),
            StatusCode.PermissionDenied => new ApiError(403, ApiError.Permission, code, null, message),
            StatusCode.NotFound when fault.Reason is "AGENT_NOT_FOUND" or "MODEL_NOT_FOUND" => new ApiError(404, ApiError.InvalidRequest, "model_not_found", "model", message),
            StatusCode.ResourceExhausted when fault.Reason == "OVER_BUDGET" => new ApiError(429, ApiError.InsufficientQuota, "insufficient_quota", null, message) { Final = true },
            StatusCode.ResourceExhausted when fault.Reason == "DISK_FULL" => new ApiError(503, ApiError.Server, code, null, message),
            StatusCode.ResourceExhausted => new ApiError(429, ApiError.RateLimit, "rate_limit_exceeded", null, message) { RetryAfter = TimeSpan.FromSeconds(1) },
            StatusCode.AlreadyExists or StatusCode.Aborted => new ApiError(409, ApiError.InvalidRequest, code, param, message) { Final = fault.Status == StatusCode.AlreadyExists },
            _ when fault.HttpStatus < 500 => new ApiError(fault.HttpStatus, ApiError.InvalidRequest, code, param, message),
            _ => new ApiError(fault.HttpStatus, ApiError.Server, code, null, message),
        };
    }
}
