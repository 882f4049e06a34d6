using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Asks a resource's health checks while it runs: often until it is healthy, then every few seconds.</summary>
internal sealed class HealthWatch(
    IResource resource, HealthCheckService checks, ResourceNotificationService notifications, ResourceLines lines, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan UntilHealthy = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WhenHealthy = TimeSpan.FromSeconds(2);
    private readonly HashSet<string> _keys = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => h.Key)];
    private HealthStatus? _before;
    private DateTimeOffset? _unhealthySince;

    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var running = notifications.Of(resource).Where(e => e.Snapshot.State?.Text == KnownResourceStates.Running).ToList();
            var status = running.Count == 0 ? null : await CheckAsync(running, cancellationToken);
            if (running.Count > 0 || !Ended())
            {
                Tell(status);
            }

            await Task.Delay(status == HealthStatus.Healthy ? WhenHealthy : UntilHealthy, time, cancellationToken);
        }
    }

    /// <summary>Its end was told already.</summary>
    private bool Ended() => notifications.Of(resource).All(e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text));

    private async Task<HealthStatus?> CheckAsync(List<ResourceEvent> running, CancellationToken cancellationToken)
    {
        if (_keys.Count == 0)
        {
            return HealthStatus.Healthy;
        }

        var report = await checks.CheckHealthAsync(check => _keys.Contains(check.Name), cancellationToken);
        foreach (var replica in running)
        {
            await notifications.PublishUpdateAsync(resource, replica.ResourceId, s => s.State?.Text != KnownResourceStates.Running ? s : s with
            {
                HealthReports = [.. report.Entries.Select(e => new HealthReportSnapshot(e.Key, e.Value.Status, e.Value.Description, e.Value.Exception?.ToString()))],
            });
        }

        return report.Status;
    }

    private void Tell(HealthStatus? status)
    {
        if (status == _before)
        {
            return;
        }

        if (status == HealthStatus.Healthy && _unhealthySince is null && _keys.Count > 0)
        {
            logger.ResourceReady(resource.Name, string.Join(", ", resource.Annotations.OfType<EndpointAnnotation>().Select(e => $"{e.Name} {e.AllocatedEndpoint}")));
        }
        else if (status == HealthStatus.Healthy && _unhealthySince is not null)
        {
            logger.ResourceHealthyAgain(resource.Name);
        }
        else if (_before == HealthStatus.Healthy)
        {
            _unhealthySince = time.GetUtcNow();
            var why = notifications.Of(resource).SelectMany(e => e.Snapshot.HealthReports).Select(r => r.Description).FirstOrDefault(d => d is not null);
            logger.ResourceUnhealthy(resource.Name, _unhealthySince.Value.ToLocalTime(), why ?? "It does not run.", lines.Last(resource.Name, count: 5));
        }

        _before = status;
    }
}
