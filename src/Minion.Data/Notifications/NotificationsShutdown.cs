using Microsoft.Extensions.Hosting;

namespace Minion.Data.Notifications;

/// <summary>
/// Ends the connections when every hosted service has stopped, and before the embedded server does: its end is no outage to report.
/// </summary>
internal sealed class NotificationsShutdown(DatabaseNotifications notifications) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await notifications.DisposeAsync();
}
