using System.Net;
using System.Net.Http;
using Minion.ServiceDefaults.Addresses;

namespace Minion.Tools.Network;

/// <summary>
/// The one way out for everything that tools connect to. It looks at the addresses after the name has been resolved and connects to what it
/// looked at, so that neither a name, a redirect, a number in disguise nor a changed DNS answer leads inside. Public addresses are allowed,
/// others only where they are permitted; <see cref="OnlyTo"/> allows fewer still.
/// </summary>
internal sealed class AddressGuard
{
    private readonly NetworkCalls _network;
    private readonly HostPattern[] _permitted;
    private readonly HostPattern[][] _onlyTo;

    /// <summary>Public addresses, and those that <paramref name="options"/> permit.</summary>
    /// <param name="options">Valid ones.</param>
    /// <param name="network">The network; null for the real one.</param>
    public AddressGuard(NetworkOptions options, NetworkCalls? network = null)
        : this([.. options.Allow.Select(HostPattern.Parse)], [], network ?? NetworkCalls.Real)
    {
    }

    private AddressGuard(HostPattern[] permitted, HostPattern[][] onlyTo, NetworkCalls network)
    {
        (_permitted, _onlyTo, _network) = (permitted, onlyTo, network);
    }

    /// <summary>This guard, which also allows addresses of <paramref name="hosts"/> that are not public: for what an administrator declared.</summary>
    public AddressGuard Permitting(params IEnumerable<HostPattern> hosts) => new([.. _permitted, .. hosts], _onlyTo, _network);

    /// <summary>This guard, which allows none but <paramref name="hosts"/>. It permits nothing that this one does not.</summary>
    public AddressGuard OnlyTo(params IEnumerable<HostPattern> hosts) => new(_permitted, [.. _onlyTo, [.. hosts]], _network);

    /// <summary>Whether this address of this host may be connected to.</summary>
    public bool Allows(string host, int port, IPAddress address) =>
        HostName.Normalize(host) is { } name
        && (AddressRules.IsPublic(address) || Array.Exists(_permitted, pattern => pattern.Matches(name, port, address) && pattern.CoversLinkLocal(address)))
        && Array.TrueForAll(_onlyTo, list => Array.Exists(list, pattern => pattern.Matches(name, port, address)));

    /// <summary>The addresses of the host that may be connected to; use these and never the name again.</summary>
    /// <param name="host">A name, or an address in any form.</param>
    /// <param name="port">The port that will be connected to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AddressRefusedException">There is none.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The name is not known.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _network.ResolveAsync(host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(address => Allows(host, port, address))];
        return allowed.Length > 0 ? allowed : throw new AddressRefusedException(host);
    }

    /// <summary>A TCP connection to the first allowed address that answers.</summary>
    /// <inheritdoc cref="ResolveAsync"/>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken) =>
        await _network.ConnectAsync(await ResolveAsync(host, port, cancellationToken), port, cancellationToken);

    /// <summary>
    /// A handler whose connections are all made here, for any client: HTTP, gRPC, WebSocket, MCP. Follows no redirects, uses no proxy, keeps
    /// no cookies. A refusal is a <see cref="HttpRequestException"/> around an <see cref="AddressRefusedException"/>.
    /// </summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectCallback = async (context, cancellationToken) =>
            await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        MaxConnectionsPerServer = 32,
        MaxResponseHeadersLength = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        UseCookies = false,
        UseProxy = false,
    };
}

/// <summary>A host has no address that may be connected to.</summary>
internal sealed class AddressRefusedException(string host) : IOException($"'{host}' has no address that may be connected to.");
