using Aspire.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public string? Message { get; init; }
}

/// <summary>Starts, stops and restarts resources.</summary>
public class ResourceCommandService
{
    private readonly Func<Orchestrator> _orchestrator;

    internal ResourceCommandService(Func<Orchestrator> orchestrator)
    {
        _orchestrator = orchestrator;
    }

    /// <summary>Of all replicas.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    /// <summary>Of the replica with this id, or of all replicas of the resource with this name.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        try
        {
            await _orchestrator().ExecuteAsync(resourceId, commandName, cancellationToken);
            return new ExecuteCommandResult { Success = true };
        }
        catch (DistributedApplicationException e)
        {
            return new ExecuteCommandResult { Success = false, Message = e.Message };
        }
    }
}
