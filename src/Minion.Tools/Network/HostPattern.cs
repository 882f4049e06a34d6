using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Minion.Tools.Network;

/// <summary>Hosts that are meant by one entry of a list: a name, all names of a domain, an address, a network, or every host; with one port or any.</summary>
internal sealed class HostPattern
{
    /// <summary>What an entry may look like; continues "… is no".</summary>
    public const string Forms = "host (intranet.example), domain (*.corp.example), address, network (10.1.0.0/16) or *, with a port (:8080) or without";

    private const int LongestName = 253;
    private static readonly IPNetwork LinkLocal = IPNetwork.Parse("169.254.0.0/16");

    private readonly string _text;
    private readonly string _name;
    private readonly bool _subdomains;
    private readonly IPNetwork? _network;
    private readonly int? _port;

    private HostPattern(string text, string name, bool subdomains, IPNetwork? network, int? port)
    {
        (_text, _name, _subdomains, _network, _port) = (text, name, subdomains, network, port);
    }

    /// <summary>False when <paramref name="text"/> is none of <see cref="Forms"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out HostPattern? pattern)
    {
        pattern = null;
        if (text is not { Length: > 0 and <= LongestName + 6 } || !SplitPort(text, out var host, out var port))
        {
            return false;
        }

        if (NetworkOf(host) is { } network)
        {
            pattern = new HostPattern(text, "", subdomains: false, network, port);
        }
        else if (host == "*")
        {
            pattern = new HostPattern(text, "", subdomains: true, network: null, port);
        }
        else
        {
            var subdomains = host.StartsWith("*.", StringComparison.Ordinal);
            pattern = HostName.Normalize(subdomains ? host[2..] : host) is { } name
                ? new HostPattern(text, name, subdomains, network: null, port)
                : null;
        }

        return pattern is not null;
    }

    /// <exception cref="FormatException">It is none of <see cref="Forms"/>.</exception>
    public static HostPattern Parse(string text) =>
        TryParse(text, out var pattern) ? pattern : throw new FormatException($"'{text}' is no {Forms}.");

    /// <summary>Only the host and port of <paramref name="url"/>.</summary>
    public static HostPattern Of(Uri url) => Parse(url.IsDefaultPort ? $"{url.Authority}:{url.Port}" : url.Authority);

    /// <summary>Whether it means this address of this host. A domain (<c>*.example.com</c>) does not mean its own apex.</summary>
    /// <param name="host">As <see cref="HostName.Normalize"/> gives it.</param>
    /// <param name="port">The port.</param>
    /// <param name="address">One of the host's addresses.</param>
    public bool Matches(string host, int port, IPAddress address)
    {
        if (_port is { } only && only != port)
        {
            return false;
        }

        return _network is { } network ? network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            : !_subdomains ? host == _name
            : _name.Length == 0 || host.EndsWith("." + _name, StringComparison.Ordinal);
    }

    /// <summary>
    /// False when a name leads to a link-local address: there clouds keep their credentials, and whoever has the name's DNS decides where it
    /// leads. Such an address has to be written as one.
    /// </summary>
    public bool CoversLinkLocal(IPAddress address) =>
        _network is not null || (_subdomains && _name.Length == 0) || !(address.IsIPv6LinkLocal || LinkLocal.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    public override string ToString() => _text;

    private static bool SplitPort(string text, out string host, out int? port)
    {
        (host, port) = (text, null);
        var colon = text.LastIndexOf(':');
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || (close != text.Length - 1 && colon != close + 1))
            {
                return false;
            }

            host = text[1..close];
            if (close == text.Length - 1)
            {
                return true;
            }
        }
        else if (colon < 0 || text.IndexOf(':', StringComparison.Ordinal) != colon)
        {
            return true; // no port: a name, or an IPv6 address without brackets
        }
        else
        {
            host = text[..colon];
        }

        var valid = ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
        port = number;
        return valid;
    }

    private static IPNetwork? NetworkOf(string host)
    {
        if (IPNetwork.TryParse(host, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(host, out var address)
            ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            : null;
    }
}
