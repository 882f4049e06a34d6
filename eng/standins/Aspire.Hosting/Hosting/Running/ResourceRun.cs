using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Supervision;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>The life of one resource: it waits, its processes start, they end.</summary>
internal sealed class ResourceRun(
    IResource resource, IReadOnlyList<Replica> replicas, Composition composition, DependencyWait waits, ResourceNotificationService notifications,
    ResourceLines lines, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly List<EndpointProxy> _proxies = [];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _portsAreOurs;

    public IResource Resource => resource;

    public IReadOnlyList<Replica> Replicas => replicas;

    /// <summary>Brings the resource up; a failure is a state, never an exception.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PublishAsync(KnownResourceStates.Waiting);
            await waits.WaitAsync(resource, cancellationToken);
            TakePorts();
            foreach (var replica in replicas)
            {
                await StartAsync(replica, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped before it ran.
        }
        catch (Exception e)
        {
            logger.ResourceNotStarted(resource.Name, e.Message);
            await PublishAsync(KnownResourceStates.FailedToStart);
        }
    }

    /// <summary>Does nothing for a process that runs.</summary>
    public async Task StartAsync(Replica replica, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (replica.Process is not null)
            {
                return;
            }

            TakePorts();
            await PublishAsync(replica, s => s with { State = KnownResourceStates.Starting, ExitCode = null, StopTimeStamp = null });
            var spec = await composition.ComposeAsync(resource, replica, cancellationToken);
            replica.IsStopping = false;
            replica.Process = await SupervisedProcess.StartAsync(spec, line => lines.Add(Label(replica), line), cancellationToken);
            await PublishAsync(replica, s => s with
            {
                State = KnownResourceStates.Running,
                StartTimeStamp = time.GetUtcNow().UtcDateTime,
                HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => new HealthReportSnapshot(h.Key, Status: null, Description: null, ExceptionText: null))],
                Properties = [new("executable.path", spec.Program), new("executable.pid", replica.Process.Id), new("executable.workDir", spec.Folder)],
            });
            _ = ObserveEndAsync(replica, replica.Process);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Returns when the process is gone.</summary>
    public async Task StopAsync(Replica replica)
    {
        if (replica.Process is not { } process)
        {
            return;
        }

        replica.IsStopping = true;
        await PublishAsync(replica, s => s with { State = KnownResourceStates.Stopping });
        process.AskToStop();
        await process.Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(replicas.Select(StopAsync));
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }
    }

    private string Label(Replica replica) => replicas.Count > 1 ? replica.Id : resource.Name;

    private void TakePorts()
    {
        if (_portsAreOurs)
        {
            return;
        }

        PortAllocation.CheckFree(resource);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => PortAllocation.IsProxied(e, replicas.Count)))
        {
            try
            {
                _proxies.Add(new EndpointProxy(
                    endpoint.AllocatedEndpoint!.Port,
                    () => [.. replicas.Where(r => r.Process is { Exited.IsCompleted: false }).Select(r => r.TargetPorts[endpoint])]));
            }
            catch (SocketException e)
            {
                throw new DistributedApplicationException($"Port {endpoint.AllocatedEndpoint!.Port} cannot be used: {e.Message}.", e);
            }
        }

        _portsAreOurs = true;
    }

    private async Task ObserveEndAsync(Replica replica, SupervisedProcess process)
    {
        var started = time.GetTimestamp();
        var code = await process.Exited;
        replica.Process = null;
        if (!replica.IsStopping && code == 0)
        {
            logger.ResourceDone(Label(replica));
        }
        else if (!replica.IsStopping)
        {
            logger.ResourceEnded(Label(replica), code, time.GetElapsedTime(started).TotalSeconds, lines.Last(Label(replica), count: 12));
        }

        await PublishAsync(replica, s => s with
        {
            State = KnownResourceStates.Finished,
            ExitCode = code,
            StopTimeStamp = time.GetUtcNow().UtcDateTime,
            HealthReports = [],
        });
    }

    private Task PublishAsync(Replica replica, Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        notifications.PublishUpdateAsync(resource, replica.Id, change);

    private async Task PublishAsync(string state)
    {
        foreach (var replica in replicas)
        {
            await PublishAsync(replica, s => s with { State = state });
        }
    }
}
