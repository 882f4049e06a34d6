using System.Net.Sockets;
using Microsoft.Extensions.Hosting;

namespace Minion.Models.Resilience;

/// <summary>
/// Looks now and then whether the endpoints of broken models take connections: while one does not, no caller's request is spent on trying it.
/// A connection is all: it costs no tokens and no quota.
/// </summary>
internal sealed class EndpointProbe(Upstreams upstreams, ResilienceOptions options, ProviderServices services) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private const int AtOnce = 32;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.ProbeSeconds), services.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await LookAsync(stoppingToken);
        }
    }

    /// <summary>One look at all of them.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var broken = upstreams.Broken().Select(b => (Address: AddressOf(b.Key), b.Circuit)).Where(b => b.Address is not null).GroupBy(b => b.Address!);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(broken, parallel, async (endpoint, token) =>
        {
            if (!await TakesConnectionsAsync(endpoint.Key, token))
            {
                foreach (var (_, circuit) in endpoint)
                {
                    circuit.StaysBroken(TimeSpan.FromSeconds(options.ProbeSeconds) + Patience);
                }
            }
        });
    }

    private async Task<bool> TakesConnectionsAsync(Uri address, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token);
            return true;
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private Uri? AddressOf(UpstreamKey key)
    {
        // A vendor's own address takes connections as long as there is an Internet.
        var url = key.Url ?? services.Variable($"{key.Provider.ToUpperInvariant()}_BASE_URL");
        return Uri.TryCreate(url, UriKind.Absolute, out var address) ? address : null;
    }
}
