namespace Minion.Models.Providers.Http;

/// <summary>The base addresses of endpoints.</summary>
internal static class Addresses
{
    /// <summary>What is wrong with a base address; null when nothing is.</summary>
    public static string? Check(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            return $"'{Texts.Shorten(text)}' is not an http or https address, for example http://localhost:11434/v1.";
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return "must have no user, query or fragment; a key belongs into api_key.";
        }

        return url.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.OrdinalIgnoreCase)
            ? "is the base address, without /chat/completions."
            : null;
    }

    /// <summary>The address of a path below a base address.</summary>
    public static Uri Below(string baseAddress, string path) => new($"{baseAddress.AsSpan().TrimEnd('/')}{path}");
}
