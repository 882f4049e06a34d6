using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;
using Polly.CircuitBreaker;

namespace Minion.Orchestration.Runs.ToolConnections;

/// <summary>
/// Whether calls are sent to the tool service. While they are not, they fail as results that the model sees: degraded, not unhealthy. Then each look is also
/// the call that is tried, so that no run has to be.
/// </summary>
internal sealed class ToolCircuitHealth(ToolConnection connection, CallerSigner signer, TimeProvider time) : IHealthCheck
{
    public const string Name = "tools_circuit";

    private static readonly Caller Self = new("default", "minion:health", []);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (connection.OpenSince is not null)
        {
            await TryAsync(cancellationToken);
        }

        return connection.OpenSince is { } since
            ? HealthCheckResult.Degraded(
                "The tool service does not answer: calls of tools fail at once.", data: new Dictionary<string, object> { ["since"] = since.ToString("O") })
            : HealthCheckResult.Healthy("Calls of tools are sent.");
    }

    private async Task TryAsync(CancellationToken ct)
    {
        try
        {
            var deadline = time.GetUtcNow() + Patience;
            await connection.ListAsync(new ListToolsRequest { PageSize = 1 }, signer.Headers(Self, "tools"), deadline.UtcDateTime, ct);
        }
        catch (Exception e) when (e is RpcException or BrokenCircuitException)
        {
            // It is as it was.
        }
    }
}
