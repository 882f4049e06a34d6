using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Minion.Edge.OpenAi.Errors;
using Minion.ServiceDefaults.Callers;

namespace Minion.Edge.OpenAi;

/// <summary>The header <c>Idempotency-Key</c>, which makes a request to an agent repeatable.</summary>
internal static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";

    private const int Longest = 190;

    /// <summary>The key of the caller's request; the same header of another caller of the tenant is another key.</summary>
    public static string? Of(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        return given.Count == 0 || string.IsNullOrEmpty(given[0]) ? null
            : given[0]!.Length <= Longest ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{context.GetCaller().Principal}\0{given[0]}")))
            : throw new ApiErrorException(ApiError.Invalid(null, $"The header {Header} has {given[0]!.Length} characters; at most {Longest} are allowed."));
    }
}
