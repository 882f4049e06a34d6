using System.Globalization;
using System.Net;
using System.Text.Json;
using Minion.Tools.Registry;

namespace Minion.Tools.Policies;

/// <summary>The rule <c>host in …</c>.</summary>
internal static class Hosts
{
    private static readonly IdnMapping Idn = new();

    /// <summary>Whether the host of a value, an address or a host's name, is one of those allowed.</summary>
    public static Verdict In(JsonElement value, IReadOnlyList<string> allowed)
    {
        if (value.ValueKind != JsonValueKind.String || HostOf(value.GetString()!) is not { } host)
        {
            return Verdict.Unknown;
        }

        return VerdictLogic.Of(allowed.Any(pattern => Wildcards.Fit(pattern.ToLowerInvariant(), host)));
    }

    /// <summary>In lower case, in ASCII, without a dot at its end, an address in its usual form; null when there is none.</summary>
    private static string? HostOf(string text)
    {
        var host = text;
        if (text.Contains("://", StringComparison.Ordinal) || text.Contains('/', StringComparison.Ordinal) || text.Contains('@', StringComparison.Ordinal))
        {
            if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) || address.Host.Length == 0 || text.Contains('\\', StringComparison.Ordinal))
            {
                return null;
            }

            host = address.IdnHost;
        }

        try
        {
            host = host.TrimEnd('.');
            host = host.Length is > 0 and <= 253 ? (host.All(char.IsAscii) ? host : Idn.GetAscii(host)).ToLowerInvariant() : "";

            // A port, a path or a query after a name would lead elsewhere than its end says; an address has many forms.
            return IPAddress.TryParse(host, out var address) ? address.ToString() : Uri.CheckHostName(host) == UriHostNameType.Dns ? host : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
