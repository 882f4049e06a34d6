using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Clusters;

/// <summary>Cluster files over gRPC.</summary>
internal sealed class ClusterService(ClusterApplier applier) : Minion.Contracts.Orchestration.V1.ClusterService.ClusterServiceBase
{
    private const int MostVariables = 1000;

    public override Task<ApplyClusterResponse> ApplyCluster(ApplyClusterRequest request, ServerCallContext context)
    {
        // A file says where models' keys are sent and what calls cost: not for every client.
        var caller = context.GetCaller().RequireAdministrator("apply cluster files");
        var violations = new Violations();
        violations.Check(
            request.Environment.Count <= MostVariables, "environment",
            $"has {request.Environment.Count} variables; at most {MostVariables} are allowed: send those that the file refers to.");
        violations.ThrowIfAny();
        return applier.ApplyAsync(caller.Tenant, request, context.CancellationToken);
    }
}
