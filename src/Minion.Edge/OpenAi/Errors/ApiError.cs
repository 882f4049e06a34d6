namespace Minion.Edge.OpenAi.Errors;

/// <summary>An error as OpenAI's clients know it (https://platform.openai.com/docs/guides/error-codes).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">For example <c>invalid_request_error</c>.</param>
/// <param name="Code">For example <c>model_not_found</c>; null when there is none.</param>
/// <param name="Param">The field of the request that is wrong; null when it is none of them.</param>
/// <param name="Message">What happened, to what, and what to do.</param>
internal sealed record ApiError(int Status, string Type, string? Code, string? Param, string Message)
{
    public const string InvalidRequest = "invalid_request_error";
    public const string Authentication = "authentication_error";
    public const string Permission = "permission_error";
    public const string RateLimit = "rate_limit_error";
    public const string InsufficientQuota = "insufficient_quota";
    public const string Server = "server_error";

    /// <summary>How long to wait before another attempt; null when nothing is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Another attempt fails the same way, whatever the status says: OpenAI's clients read that from <c>x-should-retry</c>.</summary>
    public bool Final { get; init; }

    public static ApiError Invalid(string? param, string message, string? code = null) => new(400, InvalidRequest, code, param, message);

    public static ApiError NoModel(string model, string hint) =>
        new(404, InvalidRequest, "model_not_found", "model", $"The model '{Quoted.Short(model)}' does not exist or is not yours to use. {hint}");
}

/// <summary>Ends a request with an error.</summary>
internal sealed class ApiErrorException(ApiError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public ApiError Error { get; } = error;
}
