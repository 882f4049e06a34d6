namespace Minion.Edge.Mcp.Resources;

/// <summary>How what can be read is called.</summary>
internal static class ResourceUris
{
    public const string Agents = "minion://agents";
    public const string RunPrefix = "minion://runs/";
    public const string SessionPrefix = "minion://sessions/";
    public const string RunTemplate = RunPrefix + "{run_id}";
    public const string SessionTemplate = SessionPrefix + "{session_id}";

    private const int Longest = 100;

    /// <summary>The id after a prefix; null when there is none.</summary>
    public static string? IdAfter(string prefix, string uri) =>
        uri.StartsWith(prefix, StringComparison.Ordinal) && uri.Length <= Longest && Guid.TryParseExact(uri[prefix.Length..], "D", out var id) ? id.ToString() : null;
}
