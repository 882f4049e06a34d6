using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Minion.Orchestration.Runs.ToolConnections;

/// <summary>Whether calls are sent to the tool service. While they are not, they fail as results that the model sees: degraded, not unhealthy.</summary>
internal sealed class ToolCircuitHealth(ToolConnection connection) : IHealthCheck
{
    public const string Name = "tools_circuit";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(connection.OpenSince is { } since
            ? HealthCheckResult.Degraded(
                $"The tool service did not answer: calls of tools fail {(connection.IsOpen ? "at once" : "until one that is tried succeeds")}.",
                data: new Dictionary<string, object> { ["since"] = since.ToString("O") })
            : HealthCheckResult.Healthy("Calls of tools are sent."));
}
