using System.Globalization;

namespace Minion.Tools.Network;

/// <summary>Names of hosts in the one form that they are compared in.</summary>
internal static class HostName
{
    private static readonly IdnMapping Idn = new();

    /// <summary>Lower-case ASCII without brackets and the dot at the end; null when it is no name of a host.</summary>
    public static string? Normalize(string host)
    {
        var bare = host is ['[', .., ']'] ? host[1..^1] : host;
        bare = bare.EndsWith('.') ? bare[..^1] : bare;
        try
        {
            var ascii = (bare.Contains(':', StringComparison.Ordinal) ? bare : Idn.GetAscii(bare)).ToLowerInvariant();
            return Uri.CheckHostName(ascii) is UriHostNameType.Unknown or UriHostNameType.Basic ? null : ascii;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
