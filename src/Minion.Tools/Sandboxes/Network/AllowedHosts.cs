using System.Net;
using System.Net.Sockets;
using Minion.Tools.Network;

namespace Minion.Tools.Sandboxes.Network;

/// <summary>The hosts that code may connect to.</summary>
internal static class AllowedHosts
{
    private static readonly int[] WebPorts = [80, 443];

    /// <summary>Entries that the list may have.</summary>
    public const int Most = 1_000;

    /// <summary>The patterns of an entry: without a port it means those of the web.</summary>
    public static IEnumerable<HostPattern> Patterns(string entry)
    {
        var host = IPAddress.TryParse(entry, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{entry}]" : entry;
        var web = WebPorts.Select(port => HostPattern.TryParse($"{host}:{port}", out var pattern) ? pattern : null).OfType<HostPattern>().ToList();
        return web.Count > 0 ? web : [HostPattern.Parse(entry)];
    }

    /// <summary>Everything that is wrong with the list.</summary>
    public static IEnumerable<string> Problems(SandboxOptions options) => options.AllowedHosts
        .Where(entry => !HostPattern.TryParse(entry, out _))
        .Select(entry => $"{SandboxOptions.Section}:AllowedHosts has '{entry}', which is no {HostPattern.Forms}.")
        .Concat(options.AllowedHosts.Count > Most ? [$"{SandboxOptions.Section}:AllowedHosts has {options.AllowedHosts.Count} entries; at most {Most} are allowed."] : []);
}
