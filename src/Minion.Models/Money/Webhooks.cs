using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Addresses;

namespace Minion.Models.Money;

/// <summary>
/// Posts to addresses that users gave: only to public ones and those that the operator allows, decided on the very address that is
/// connected to; no redirects, no proxy, little of the answer read.
/// </summary>
internal sealed class Webhooks : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private readonly IPNetwork[] _networks;
    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    public Webhooks(IOptions<MoneyOptions> options, TimeProvider time)
    {
        _networks = [.. options.Value.WebhookNetworks.Select(IPNetwork.Parse)];
        _time = time;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <exception cref="HttpRequestException">It was not taken.</exception>
    /// <exception cref="OperationCanceledException">It took more than ten seconds.</exception>
    public async Task PostAsync(Uri url, HttpContent content, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();

    private bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return AddressRules.IsPublic(address) || Array.Exists(_networks, n => n.Contains(plain));
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, IsAllowed);
        if (allowed.Length == 0)
        {
            throw new IOException($"'{context.DnsEndPoint.Host}' has no address that may be connected to.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
