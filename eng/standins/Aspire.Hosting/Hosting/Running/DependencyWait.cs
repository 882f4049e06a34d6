using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Running;

/// <summary>Holds a resource back until those that it waits for are there, and says what it waits for when that takes long.</summary>
internal sealed class DependencyWait(
    ResourceNotificationService notifications, IOptions<ResourceNotificationServiceOptions> options, DashboardProgram dashboard, ResourceLines lines,
    TimeProvider time, ILogger<Orchestrator> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public Task WaitAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitAsync(resource, wait, cancellationToken)));

    private async Task WaitAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var telling = TellAsync(resource, wait, over.Token);
        try
        {
            await notifications.WaitForResourceAsync(wait.Resource.Name, _ => IsOver(wait), cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <exception cref="DistributedApplicationException">The dependency will not come, or not as wanted.</exception>
    private bool IsOver(WaitAnnotation wait)
    {
        var now = notifications.Of(wait.Resource).Select(e => e.Snapshot).ToList();
        var ended = now.Where(s => KnownResourceStates.TerminalStates.Contains(s.State?.Text)).ToList();
        if (wait.WaitType == WaitType.WaitForCompletion)
        {
            return ended.Find(s => s.State?.Text == KnownResourceStates.FailedToStart || s.ExitCode != wait.ExitCode) is { } bad
                ? throw Failed(wait, bad)
                : ended.Count == now.Count;
        }

        if (now.Exists(s => wait.WaitType == WaitType.WaitUntilStarted ? s.State?.Text == KnownResourceStates.Running : s.HealthStatus == HealthStatus.Healthy))
        {
            return true;
        }

        return ended.Count == now.Count && ended.Count > 0 && Behaviour(wait) == WaitBehavior.StopOnResourceUnavailable ? throw Failed(wait, ended[0]) : false;
    }

    /// <summary>Without a dashboard nobody can bring a dependency back: then waiting for it is over when it has ended.</summary>
    private WaitBehavior Behaviour(WaitAnnotation wait) =>
        wait.WaitBehavior ?? (dashboard.IsRunning ? options.Value.DefaultWaitBehavior : WaitBehavior.StopOnResourceUnavailable);

    private static DistributedApplicationException Failed(WaitAnnotation wait, CustomResourceSnapshot dependency) => new(
        dependency.State?.Text == KnownResourceStates.FailedToStart
            ? $"it needs '{wait.Resource.Name}', which could not be started."
            : $"it needs '{wait.Resource.Name}', which ended with exit code {dependency.ExitCode}.");

    private async Task TellAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow();
        while (true)
        {
            await Task.Delay(Patience, time, cancellationToken);
            var snapshot = notifications.Of(wait.Resource).Select(e => e.Snapshot).FirstOrDefault();
            var started = snapshot?.StartTimeStamp is { } at ? new DateTimeOffset(at) : since;
            logger.ResourceWaits(
                resource.Name, wait.Resource.Name, Describe(snapshot), started.ToLocalTime(), Why(snapshot), lines.Last(wait.Resource.Name, count: 5));
        }
    }

    private static string Describe(CustomResourceSnapshot? snapshot) => snapshot switch
    {
        { State.Text: "Running", HealthStatus: not HealthStatus.Healthy } => "running but not healthy",
        { State.Text: { } state } => state.ToLowerInvariant(),
        _ => "unknown",
    };

    private static string Why(CustomResourceSnapshot? snapshot) =>
        string.Join(" ", snapshot?.HealthReports.Where(r => r.Status != HealthStatus.Healthy).Select(r => r.Description).OfType<string>() ?? []);
}
