using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Edge.OpenAi.Answers;
using Minion.Edge.OpenAi.Errors;

namespace Minion.Edge.Agents;

/// <summary>How runs that bring no answer are told to a client of OpenAI's API.</summary>
internal static class RunErrors
{
    /// <summary>A run that was refused for its fields, by the names that they have in the client's request; null when it was refused for something else.</summary>
    public static ApiErrorException? Invalid(RpcException refused, FieldNames names)
    {
        if (refused.StatusCode != StatusCode.InvalidArgument || FaultDetails.From(refused) is not { Fields: [_, ..] given } details)
        {
            return null;
        }

        var fields = given.Select(f => (Name: NameOf(f.Field, names), f.Message)).ToList();
        var message = string.Join(" ", fields.Select(f => $"{f.Name}: {f.Message}").Append(details.Hint));
        return new ApiErrorException(ApiError.Invalid(fields[0].Name, message.TrimEnd(), details.Reason.ToLowerInvariant()), refused);
    }

    public static ApiErrorException Failed(string run, RunError error)
    {
        var message = $"The run {run} failed: {error.Message} {error.Hint}".TrimEnd();
        var kind = error.Kind.ToLowerInvariant();
        return new ApiErrorException(kind switch
        {
            _ when kind.EndsWith("over_budget", StringComparison.Ordinal) => new ApiError(429, ApiError.InsufficientQuota, "insufficient_quota", null, message) { Final = true },
            _ when kind.EndsWith("rate_limited", StringComparison.Ordinal) => new ApiError(429, ApiError.RateLimit, "rate_limit_exceeded", null, message) { RetryAfter = TimeSpan.FromSeconds(1) },
            _ when kind.EndsWith("context_overflow", StringComparison.Ordinal) => ApiError.Invalid("messages", message, "context_length_exceeded"),
            _ when kind.EndsWith("refused", StringComparison.Ordinal) => ApiError.Invalid(null, message, "content_filter"),
            _ => new ApiError(500, ApiError.Server, kind, null, message) { Final = true },
        });
    }

    public static ApiErrorException Cancelled(string run, string reason) => new(new ApiError(
        409, ApiError.InvalidRequest, "run_cancelled", null, $"The run {run} was cancelled. {reason}".TrimEnd())
    { Final = true });

    public static ApiErrorException Waits(string run, Question question) => new(new ApiError(
        409, ApiError.InvalidRequest, "run_waits_for_answer", null,
        $"The run {run} waits for a person: {question.Text}{(question.Choices.Count > 0 ? $" (one of {string.Join(", ", question.Choices)})" : "")}. Answer with 'minion inbox' or the gRPC API; a request that is repeated with its Idempotency-Key then gets the answer.")
    { Final = true });

    /// <summary>The agent's name is the model's; its input and what was said before are the conversation.</summary>
    private static string NameOf(string field, FieldNames names) => field switch
    {
        "agent" => "model",
        "input" => names.Messages,
        _ when field.StartsWith("messages", StringComparison.Ordinal) => names.Messages,
        _ => field,
    };

    public static ApiErrorException Restarted(string run, int characters) => new(new ApiError(
        500, ApiError.Server, "answer_restarted", null,
        $"A step of the run {run} was made again and says something else; the last {characters} characters are void. The run goes on or has ended: ask for it by its id."));
}
