using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Running;

/// <summary>Runs the model: every resource in its own time, and all of them down in the order of their dependencies.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model, DistributedApplicationExecutionContext execution, IConfiguration configuration,
    ResourceNotificationService notifications, HealthCheckService checks, DashboardProgram dashboard, ResourceLines lines,
    IOptions<ResourceNotificationServiceOptions> options, TimeProvider time, ILogger<Orchestrator> logger) : IHostedService
{
    /// <summary>As the official testing builder sets it: wanted ports are not taken.</summary>
    public const string RandomizePorts = "DcpPublisher:RandomizePorts";

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _tasks = [];
    private readonly FreePorts _ports = new();
    private IReadOnlyList<ResourceRun> _runs = [];
    private Task? _stopping;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (execution.IsPublishMode)
        {
            throw new DistributedApplicationException("Publishing needs the official Aspire packages, which this build does not have.");
        }

        if (model.Resources.OfType<ContainerResource>().FirstOrDefault() is { } container)
        {
            throw new DistributedApplicationException(
                $"'{container.Name}' is a container, and an AppHost that was built without the official Aspire packages runs none.");
        }

        await dashboard.StartAsync(cancellationToken);
        var composition = new Composition(execution, dashboard);
        var waits = new DependencyWait(notifications, options, dashboard, lines, time, logger);
        _runs = [.. model.Resources.Where(r => r is IComputeResource).Select(r => new ResourceRun(
            r, PortAllocation.Allocate(r, Replicas(r), configuration.GetValue<bool>(RandomizePorts), _ports), composition, waits, notifications, lines, time, logger))];
        foreach (var run in _runs)
        {
            foreach (var replica in run.Replicas)
            {
                await notifications.PublishUpdateAsync(run.Resource, replica.Id, s => s with { State = KnownResourceStates.NotStarted });
            }
        }

        foreach (var value in model.Resources.OfType<ConnectionStringResource>())
        {
            _tasks.Add(ShowAsync(value, waits));
        }

        foreach (var run in _runs)
        {
            _tasks.Add(run.StartAsync(_stop.Token));
            _tasks.Add(new HealthWatch(run.Resource, checks, notifications, lines, time, logger).WatchAsync(_stop.Token));
        }
    }

    /// <summary>Once, whoever asks.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_tasks)
        {
            return _stopping ??= StopAllAsync();
        }
    }

    /// <exception cref="DistributedApplicationException">There is no such resource or command.</exception>
    public async Task ExecuteAsync(string resourceId, string command, CancellationToken cancellationToken)
    {
        var found = _runs
            .SelectMany(run => run.Replicas.Select(replica => (Run: run, Replica: replica)))
            .Where(p => Same(p.Replica.Id, resourceId) || Same(p.Run.Resource.Name, resourceId)).ToList();
        if (found.Count == 0)
        {
            throw new DistributedApplicationException($"Resource '{resourceId}' was not found.");
        }

        foreach (var (run, replica) in found)
        {
            if (command == KnownResourceCommands.StopCommand || command == KnownResourceCommands.RestartCommand)
            {
                await run.StopAsync(replica);
                await notifications.WaitForResourceAsync(
                    run.Resource.Name, e => e.ResourceId == replica.Id && KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text), cancellationToken);
            }

            if (command == KnownResourceCommands.StartCommand || command == KnownResourceCommands.RestartCommand)
            {
                await run.StartAsync(replica, cancellationToken);
            }
        }
    }

    private async Task StopAllAsync()
    {
        logger.Stopping();
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var stops = new Dictionary<IResource, Task>();
        await Task.WhenAll(_runs.Select(run => StopInOrderAsync(run, stops)));
        await dashboard.DisposeAsync();
        _ports.Dispose();
    }

    private async Task ShowAsync(ConnectionStringResource resource, DependencyWait waits)
    {
        try
        {
            await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Waiting });
            await waits.WaitAsync(resource, _stop.Token);
            await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running });
        }
        catch (DistributedApplicationException)
        {
            await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.FailedToStart });
        }
    }

    /// <summary>Whoever waited for a resource ends before it.</summary>
    private Task StopInOrderAsync(ResourceRun run, Dictionary<IResource, Task> stops)
    {
        if (!stops.TryGetValue(run.Resource, out var stop))
        {
            var first = Task.WhenAll(_runs.Where(other => WaitsFor(other.Resource, run.Resource)).Select(other => StopInOrderAsync(other, stops)));
            stops[run.Resource] = stop = StopAfterAsync(first, run);
        }

        return stop;
    }

    private static async Task StopAfterAsync(Task first, ResourceRun run)
    {
        await first;
        await run.DisposeAsync();
    }

    private static bool WaitsFor(IResource resource, IResource dependency) => resource.Annotations.OfType<WaitAnnotation>()
        .Any(w => ReferenceEquals(w.Resource, dependency) || w.Resource is ConnectionStringResource && WaitsFor(w.Resource, dependency));

    private static int Replicas(IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
