using System.Text;
using Google.Protobuf.Collections;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Export;
using Minion.Orchestration.Paging;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Clusters;

/// <summary>Cluster files over gRPC.</summary>
internal sealed class ClusterService(ClusterApplier applier, ClusterExporter exporter) : Minion.Contracts.Orchestration.V1.ClusterService.ClusterServiceBase
{
    private const int MostVariables = 1000;
    private const int MostFiles = 100;
    private const int MostBytes = 3 * 1024 * 1024;
    private const string Pages = "clusters";

    public override async Task<ApplyClusterResponse> ApplyCluster(ApplyClusterRequest request, ServerCallContext context)
    {
        var caller = Applier(context);
        var violations = new Violations();
        CheckVariables(request.Environment, violations);
        violations.ThrowIfAny();
        var all = new ApplyClustersRequest
        {
            Files = { new ClusterSource { Content = request.Content, Source = request.Source } },
            Environment = { request.Environment },
            DryRun = request.DryRun,
        };
        return (await applier.ApplyAsync(caller, all, context.CancellationToken)).Clusters.Single();
    }

    public override Task<ApplyClustersResponse> ApplyClusters(ApplyClustersRequest request, ServerCallContext context)
    {
        var caller = Applier(context);
        var violations = new Violations();
        CheckVariables(request.Environment, violations);
        violations.Check(request.Files.Count is >= 1 and <= MostFiles, "files", $"has {request.Files.Count} files; 1 to {MostFiles} are allowed.");
        var bytes = request.Files.Sum(f => (long)Encoding.UTF8.GetByteCount(f.Content));
        violations.Check(bytes <= MostBytes, "files", $"have {bytes:N0} bytes together; at most {MostBytes:N0} (3 MiB) are allowed: apply them in parts.");
        TextRules.CheckText(request.ExpectedPlan, 200, "expected_plan", violations);
        violations.ThrowIfAny();
        return applier.ApplyAsync(caller, request, context.CancellationToken);
    }

    public override async Task<ListClustersResponse> ListClusters(ListClustersRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var size = PageSize.Read(request.PageSize, violations);
        var after = PageToken.Read(Pages, request.PageToken, violations);
        violations.ThrowIfAny();
        var found = await exporter.ListAsync(context.GetCaller().Tenant, after, size + 1, context.CancellationToken);
        return new ListClustersResponse
        {
            Clusters = { found.Take(size) },
            NextPageToken = found.Count > size ? PageToken.Make(Pages, found[size - 1].Name) : "",
        };
    }

    public override async Task<ExportClusterResponse> ExportCluster(ExportClusterRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        violations.Check(request.Name.Length > 0, "name", "is missing: the name of a cluster.");
        TextRules.CheckText(request.Name, 200, "name", violations);
        violations.ThrowIfAny();
        return new ExportClusterResponse { Content = await exporter.ExportAsync(context.GetCaller().Tenant, request.Name, context.CancellationToken) };
    }

    /// <summary>A file says where models' keys are sent and what calls cost: not for every client.</summary>
    private static Caller Applier(ServerCallContext context) => context.GetCaller().RequireAdministrator("apply cluster files");

    private static void CheckVariables(MapField<string, string> environment, Violations violations) => violations.Check(
        environment.Count <= MostVariables, "environment",
        $"has {environment.Count} variables; at most {MostVariables} are allowed: send those that the file refers to.");
}
