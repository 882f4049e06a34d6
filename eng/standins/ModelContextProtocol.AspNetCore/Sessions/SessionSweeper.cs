using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ModelContextProtocol.AspNetCore.Sessions;

/// <summary>Ends sessions that are not used any more, and all of them when the host stops.</summary>
internal sealed class SessionSweeper(SessionTable sessions, IOptions<HttpServerTransportOptions> options, IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Requests that listen would keep the server from ending: they end first.
        await using var end = lifetime.ApplicationStopping.Register(() => _ = sessions.ClearAsync());
        using var timer = new PeriodicTimer(Interval, options.Value.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await sessions.SweepAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await sessions.ClearAsync();
        }
    }
}
