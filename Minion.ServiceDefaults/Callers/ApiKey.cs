using Microsoft.Extensions.Configuration;

namespace Minion.ServiceDefaults.Callers;

/// <summary>The key that opens the server to other machines: <c>Authentication:ApiKey</c>, or MINION_API_KEY.</summary>
public static class ApiKey
{
    /// <summary>The configured key; null when there is none.</summary>
    public static string? From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var key = configuration["Authentication:ApiKey"] is { Length: > 0 } configured ? configured : configuration["MINION_API_KEY"];
        return string.IsNullOrWhiteSpace(key) ? null : key.Trim();
    }
}
