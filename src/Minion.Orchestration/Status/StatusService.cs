using System.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Clusters.Folder;
using Minion.Orchestration.Runs;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Status;

/// <summary>What a person asks first, over gRPC.</summary>
internal sealed class StatusService(HealthCheckService health, StatusStore status, RunStore runs, ActivityStore activity, ClusterFolder folder, ServerStart start, TimeProvider time)
    : Contracts.Orchestration.V1.StatusService.StatusServiceBase
{
    private static readonly TimeSpan EndedFor = TimeSpan.FromHours(24);

    private static readonly string Version =
        typeof(StatusService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var tenant = context.GetCaller().Tenant;
        var response = new GetStatusResponse { ServerVersion = Version, StartedAt = start.At.ToTimestamp() };
        var report = await health.CheckHealthAsync(ct);
        response.Dependencies.AddRange(report.Entries.Select(e => new Dependency
        {
            Name = e.Key,
            Healthy = e.Value.Status == HealthStatus.Healthy,
            Detail = e.Value.Description ?? "",
        }));
        if (report.Status == HealthStatus.Unhealthy)
        {
            // Whoever asks wants to know just this; the rest cannot be read now.
            return response;
        }

        response.Workers.AddRange(await status.WorkersAsync(ct));
        response.Runs.Add(await runs.CountAsync(tenant, time.GetUtcNow() - EndedFor, ct));
        response.Agents.Add(await status.AgentsAsync(tenant, ct));
        response.ActiveSessions = await status.ActiveSessionsAsync(tenant, ct);
        response.AgentActivity.Add(await activity.ReadAsync(tenant, time.GetUtcNow(), EndedFor, ct));
        response.WatchedFiles.Add(folder.Files);
        return response;
    }
}
