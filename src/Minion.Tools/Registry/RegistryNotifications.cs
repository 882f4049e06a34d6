using Microsoft.Extensions.Hosting;
using Minion.Data.Notifications;

namespace Minion.Tools.Registry;

/// <summary>Tells the other processes when something was declared or decided, and hears it from them.</summary>
internal sealed class RegistryNotifications(DatabaseNotifications notifications, TenantRegistry registry) : IHostedService
{
    private const string Channel = "minion_tools";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = notifications.Subscribe(Channel, registry.Forget, registry.ForgetAll);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>After the commit.</summary>
    public void Tell(string tenant)
    {
        registry.Forget(tenant);
        notifications.Publish(Channel, tenant);
    }
}
