using Microsoft.AspNetCore.Http;
using Minion.Edge.OpenAi.Errors;

namespace Minion.Edge.OpenAi;

/// <summary>The header <c>Idempotency-Key</c>, which makes a request to an agent repeatable.</summary>
internal static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";

    // With room for the number of a choice in what the runs call request_id (200 characters).
    private const int Longest = 190;

    public static string? Of(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        return given.Count == 0 || string.IsNullOrEmpty(given[0]) ? null
            : given[0]!.Length <= Longest ? given[0]
            : throw new ApiErrorException(ApiError.Invalid(null, $"The header {Header} has {given[0]!.Length} characters; at most {Longest} are allowed."));
    }
}
