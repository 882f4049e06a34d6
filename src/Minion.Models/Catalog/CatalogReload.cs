using Microsoft.Extensions.Hosting;

namespace Minion.Models.Catalog;

/// <summary>
/// Looks every two seconds whether the file of models has changed. Asking is safer than being told: mounted folders and files that are
/// replaced by renaming send no event.
/// </summary>
internal sealed class CatalogReload(ModelCatalog catalog, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            catalog.Refresh();
        }
    }
}
