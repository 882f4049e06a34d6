using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Minion.Tools.BuiltIn.Http;

/// <summary>
/// An HTTP client that looks at the address it is about to connect to, after the name has been resolved, so that neither a name,
/// a redirect nor a changed DNS answer leads it inside. Follows no redirects, uses no proxy, keeps no cookies.
/// </summary>
internal sealed class SafeHttpClient : IDisposable
{
    private readonly AddressGuard _guard;
    private readonly Network _network;
    private readonly HttpMessageInvoker _client;

    public SafeHttpClient(IOptions<HttpGetOptions> options)
        : this(new AddressGuard(options.Value), Network.Real)
    {
    }

    public SafeHttpClient(AddressGuard guard, Network network)
    {
        _guard = guard;
        _network = network;
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = 32,
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>Sends the request; the answer's body has not been read yet.</summary>
    /// <exception cref="HttpRequestException">It did not work; the inner exception is <see cref="AddressRefusedException"/> when it was not allowed.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client.SendAsync(request, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _network.ResolveAsync(host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(_guard.Allows)];
        return allowed.Length > 0
            ? await _network.ConnectAsync(allowed, port, cancellationToken)
            : throw new AddressRefusedException(host);
    }
}

/// <summary>The two things that the client asks of the network.</summary>
/// <param name="ResolveAsync">The addresses of a name.</param>
/// <param name="ConnectAsync">A connection to the first of the addresses that answers.</param>
internal sealed record Network(
    Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync,
    Func<IPAddress[], int, CancellationToken, Task<Stream>> ConnectAsync)
{
    public static readonly Network Real = new(Dns.GetHostAddressesAsync, ConnectRealAsync);

    private static async Task<Stream> ConnectRealAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
