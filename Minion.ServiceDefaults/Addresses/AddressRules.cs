using System.Net;
using System.Net.Sockets;

namespace Minion.ServiceDefaults.Addresses;

/// <summary>
/// Which addresses are public: reachable for everybody, and nobody's inner network. Sources: the IANA special-purpose address
/// registries for IPv4 and IPv6 (RFC 6890).
/// </summary>
public static class AddressRules
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>
    /// Whether <paramref name="address"/> is public. Of IPv6 only global unicast is: so no address is that wraps an IPv4 one
    /// (mapped, NAT64, 6to4, Teredo).
    /// </summary>
    public static bool IsPublic(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetwork || IsGlobalUnicast(address))
        && !Array.Exists(NotPublic, network => network.Contains(address));

    /// <summary>2000::/3. By its bits, because a network's <c>Contains</c> takes mapped addresses for IPv4.</summary>
    private static bool IsGlobalUnicast(IPAddress address) => (address.GetAddressBytes()[0] & 0xE0) == 0x20;
}
