using System.Text.Json.Nodes;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Agents.Versions;
using Minion.Orchestration.Clusters.Sections;
using Minion.ServiceDefaults.Callers;
using Minion.Yaml;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Orchestration.Clusters.Tools;

/// <summary>Makes the tool service have the sources and policies that files declare.</summary>
internal sealed class ClusterTools(RegistryService.RegistryServiceClient registry, CallerSigner signer, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What a file would change; what is wrong with it goes to the problems. Nothing when neither the file nor what is stored has tools.</summary>
    public async Task<IReadOnlyList<Change>> PlanAsync(Caller caller, ClusterReading reading, ClusterDefinition? stored, CancellationToken ct)
    {
        var file = reading.File!;
        if (!IsConcerned(file, stored))
        {
            return [];
        }

        var items = file.Definition.Json[ToolSectionReader.Key] as JsonArray;
        var wanted = ToolSectionRequest.Of(file.Name, items);
        try
        {
            var request = new PlanToolsRequest { Cluster = wanted.Cluster, Sources = { wanted.Sources }, Policies = { wanted.Policies } };
            var plan = await registry.PlanToolsAsync(request, Headers(caller), Deadline, ct);
            return [.. plan.Changes.Select(ToProto)];
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.InvalidArgument)
        {
            foreach (var violation in FaultDetails.From(refused).Fields.DefaultIfEmpty(new FieldViolation(ToolSectionReader.Key, refused.Status.Detail)))
            {
                ToolSectionPlaces.Add(file, items ?? [], violation, reading.Problems);
            }

            return [];
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.FailedPrecondition or StatusCode.AlreadyExists)
        {
            reading.Problems.Add(YamlPlace.Nearest(file.Node, ToolSectionReader.Key).Position, ToolSectionReader.Key, refused.Status.Detail);
            return [];
        }
        catch (RpcException error) when (!ct.IsCancellationRequested)
        {
            throw Unavailable(error);
        }
    }

    /// <summary>Makes it so. Repeating it changes nothing more.</summary>
    public async Task ApplyAsync(Caller caller, ClusterFile file, ClusterDefinition? stored, CancellationToken ct)
    {
        if (!IsConcerned(file, stored))
        {
            return;
        }

        try
        {
            var request = ToolSectionRequest.Of(file.Name, file.Definition.Json[ToolSectionReader.Key] as JsonArray);
            await registry.ApplyToolsAsync(request, Headers(caller), Deadline, ct);
        }
        catch (RpcException error) when (!ct.IsCancellationRequested)
        {
            throw Unavailable(error);
        }
    }

    private DateTime Deadline => time.GetUtcNow().UtcDateTime + Patience;

    private Metadata Headers(Caller caller) => signer.Headers(caller, "tools");

    private static bool IsConcerned(ClusterFile file, ClusterDefinition? stored) =>
        file.Definition.Has(ToolSectionReader.Key) || stored?.Has(ToolSectionReader.Key) == true;

    private static Change ToProto(ToolChange change) => new()
    {
        Action = change.Kind switch
        {
            ToolChange.Types.Kind.Added => Action.Created,
            ToolChange.Types.Kind.Removed => Action.Removed,
            _ => Action.Updated,
        },
        Kind = change.What == "source" ? "source" : "policy",
        Name = change.Name,
        Diff = change.Kind == ToolChange.Types.Kind.Changed ? PlanDiff.Of($"{change.What} {change.Name}", change.Before, change.After) : "",
    };

    private static Fault Unavailable(RpcException error) => new(
        error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded ? StatusCode.Unavailable : error.StatusCode,
        "TOOLS_NOT_APPLIED",
        $"The tool service did not take the sources and policies under 'tools': {error.Status.Detail}",
        "'minion status' shows what is wrong; then apply the file again. Nothing was changed.");
}
