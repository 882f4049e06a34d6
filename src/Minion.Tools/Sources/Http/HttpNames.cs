using System.Text.RegularExpressions;

namespace Minion.Tools.Sources.Http;

/// <summary>Names in HTTP and names of arguments.</summary>
internal static partial class HttpNames
{
    private static readonly string[] Reserved =
        ["connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

    /// <summary>Whether it may name a header (RFC 9110, section 5.6.2).</summary>
    public static bool IsToken(string name) => Token().IsMatch(name);

    /// <summary>Whether the header belongs to the connection and not to who asks.</summary>
    public static bool IsReserved(string name) =>
        Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("proxy-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether models' providers take it as the name of an argument.</summary>
    public static bool IsArgument(string name) => Argument().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Argument();
}
