using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Agents.Versions;
using Minion.Orchestration.Paging;
using Minion.Orchestration.Runs.EngineTools;
using Minion.ServiceDefaults.Callers;
using Npgsql;

namespace Minion.Orchestration.Agents;

/// <summary>Agents over gRPC.</summary>
internal sealed class AgentService(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database,
    AgentStore agents,
    AgentWriter writer,
    AgentCheck check,
    AgentVersioning versioning,
    AgentChangeStore changes,
    EngineToolSet engineTools) : Minion.Contracts.Orchestration.V1.AgentService.AgentServiceBase
{
    private const string List = "agents";
    private const string VersionPages = "versions";
    private const string ChangePages = "changes";

    public override async Task<CreateAgentResponse> CreateAgent(CreateAgentRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("create agents");
        var violations = new Violations();
        violations.Check(
            request.Status is AgentStatus.Unspecified or AgentStatus.Draft or AgentStatus.Active, "status",
            "must be AGENT_STATUS_DRAFT or AGENT_STATUS_ACTIVE, or unspecified for active.");
        var definition = await check.DefinitionAsync(caller, request.Definition, violations, context.CancellationToken);
        var status = request.Status == AgentStatus.Unspecified ? AgentStatus.Active : request.Status;

        await using var transaction = await database.BeginTenantAsync(caller.Tenant, context.CancellationToken);
        try
        {
            var agent = await writer.InsertAsync(transaction, definition, status, cluster: null, caller.Principal, context.CancellationToken);
            await transaction.CommitAsync(context.CancellationToken);
            return new CreateAgentResponse { Agent = agent.ToAgent() };
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw AgentFaults.Exists(definition.Name);
        }
    }

    public override async Task<GetAgentResponse> GetAgent(GetAgentRequest request, ServerCallContext context)
    {
        CheckName(request.Name, v => v.Check(request.Version >= 0, "version", "must be 1 or more, or 0 for the current one."));
        var agent = await agents.FindVersionAsync(context.GetCaller().Tenant, request.Name, request.Version, context.CancellationToken)
            ?? throw AgentFaults.NotFound(request.Name, request.Version);
        return new GetAgentResponse { Agent = agent.ToAgent() };
    }

    public override async Task<UpdateAgentResponse> UpdateAgent(UpdateAgentRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("change agents");
        var violations = new Violations();
        violations.Check(request.ExpectedVersion >= 0, "expected_version", "must be 1 or more, or 0 for any.");
        var definition = await check.DefinitionAsync(caller, request.Definition, violations, context.CancellationToken);

        await using var transaction = await database.BeginTenantAsync(caller.Tenant, context.CancellationToken);
        var current = await AgentStore.LockAsync(transaction, definition.Name, context.CancellationToken) ?? throw AgentFaults.NotFound(definition.Name);
        if (request.ExpectedVersion != 0 && request.ExpectedVersion != current.Version)
        {
            throw AgentFaults.VersionChanged(definition.Name, request.ExpectedVersion, current.Version);
        }

        if (current.Status == AgentStatus.Archived)
        {
            throw AgentFaults.Archived(definition.Name);
        }

        if (!current.Definition.Equals(definition))
        {
            current = await writer.AddVersionAsync(transaction, current, definition, caller.Principal, context.CancellationToken);
            await transaction.CommitAsync(context.CancellationToken);
        }

        return new UpdateAgentResponse { Agent = current.ToAgent() };
    }

    public override async Task<DeleteAgentResponse> DeleteAgent(DeleteAgentRequest request, ServerCallContext context)
    {
        CheckName(request.Name);
        var caller = context.GetCaller().RequireAdministrator("remove agents");
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, context.CancellationToken);
        var current = await AgentStore.LockAsync(transaction, request.Name, context.CancellationToken) ?? throw AgentFaults.NotFound(request.Name);
        await writer.DeleteAsync(transaction, current, caller.Principal, context.CancellationToken);
        await transaction.CommitAsync(context.CancellationToken);
        return new DeleteAgentResponse();
    }

    public override async Task<ListAgentsResponse> ListAgents(ListAgentsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var size = PageSize.Read(request.PageSize, violations);
        var after = PageToken.Read(List, request.PageToken, violations);
        var filter = AgentFilter.Read(request, violations);
        violations.ThrowIfAny();

        var found = await agents.ListAsync(context.GetCaller().Tenant, filter, after, size + 1, context.CancellationToken);
        var response = new ListAgentsResponse { Agents = { found.Take(size).Select(a => a.ToAgent()) } };
        response.NextPageToken = found.Count > size ? PageToken.Make(List, found[size - 1].Name) : "";
        return response;
    }

    public override async Task<ListAgentVersionsResponse> ListAgentVersions(ListAgentVersionsRequest request, ServerCallContext context)
    {
        var size = 0;
        var before = int.MaxValue;
        CheckName(request.Name, v =>
        {
            size = PageSize.Read(request.PageSize, v);
            var key = PageToken.Read(VersionPages, request.PageToken, v);
            before = int.TryParse(key, out var version) ? version : int.MaxValue;
        });

        var found = await agents.ListVersionsAsync(context.GetCaller().Tenant, request.Name, before, size + 1, context.CancellationToken);
        if (found.Count == 0 && before == int.MaxValue)
        {
            throw AgentFaults.NotFound(request.Name);
        }

        var response = new ListAgentVersionsResponse { Versions = { found.Take(size).Select(a => a.ToAgent()) } };
        if (found is [var any, ..])
        {
            response.CurrentVersion = any.CurrentVersion;
            response.Traffic.Add(any.Traffic?.ToProto() ?? []);
        }

        response.NextPageToken = found.Count > size ? PageToken.Make(VersionPages, $"{found[size - 1].Version}") : "";
        return response;
    }

    public override async Task<ChangeAgentStatusResponse> ChangeAgentStatus(ChangeAgentStatusRequest request, ServerCallContext context)
    {
        CheckName(request.Name, v => v.Check(
            request.Status != AgentStatus.Unspecified && Enum.IsDefined(request.Status), "status",
            "must be one of AGENT_STATUS_DRAFT, _ACTIVE, _INACTIVE, _ARCHIVED."));

        var caller = context.GetCaller().RequireAdministrator("change agents");
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, context.CancellationToken);
        var current = await AgentStore.LockAsync(transaction, request.Name, context.CancellationToken) ?? throw AgentFaults.NotFound(request.Name);
        if (current.Status != request.Status)
        {
            if (!AgentStatuses.After(current.Status).Contains(request.Status))
            {
                throw AgentFaults.StatusRefused(request.Name, current.Status, request.Status);
            }

            current = await writer.SetStatusAsync(transaction, current, request.Status, caller.Principal, context.CancellationToken);
            await transaction.CommitAsync(context.CancellationToken);
        }

        return new ChangeAgentStatusResponse { Agent = current.ToAgent() };
    }

    public override Task<DiffAgentVersionsResponse> DiffAgentVersions(DiffAgentVersionsRequest request, ServerCallContext context)
    {
        CheckName(request.Name, v =>
        {
            v.Check(request.FromVersion > 0, "from_version", "must be 1 or more.");
            v.Check(request.ToVersion >= 0, "to_version", "must be 1 or more, or 0 for the current one.");
        });
        return versioning.DiffAsync(context.GetCaller().Tenant, request, context.CancellationToken);
    }

    public override async Task<ActivateAgentVersionResponse> ActivateAgentVersion(ActivateAgentVersionRequest request, ServerCallContext context)
    {
        CheckName(request.Name, v => v.Check(request.Version > 0, "version", "must be 1 or more."));
        var caller = context.GetCaller().RequireAdministrator("change agents");
        var agent = await versioning.ActivateAsync(caller, request.Name, request.Version, context.CancellationToken);
        return new ActivateAgentVersionResponse { Agent = agent.ToAgent() };
    }

    public override async Task<SetAgentTrafficResponse> SetAgentTraffic(SetAgentTrafficRequest request, ServerCallContext context)
    {
        TrafficSplit? traffic = null;
        CheckName(request.Name, v => traffic = TrafficSplit.Read(request.Traffic, v));
        var caller = context.GetCaller().RequireAdministrator("change agents");
        var agent = await versioning.SetTrafficAsync(caller, request.Name, traffic, context.CancellationToken);
        return new SetAgentTrafficResponse { Agent = agent.ToAgent() };
    }

    public override async Task<ListAgentChangesResponse> ListAgentChanges(ListAgentChangesRequest request, ServerCallContext context)
    {
        var size = 0;
        var before = Guid.AllBitsSet;
        CheckName(request.Name, v =>
        {
            size = PageSize.Read(request.PageSize, v);
            before = Guid.TryParse(PageToken.Read(ChangePages, request.PageToken, v), out var id) ? id : before;
        });
        var tenant = context.GetCaller().Tenant;
        var found = await changes.ListAsync(tenant, request.Name, before, size + 1, context.CancellationToken);
        if (found.Count == 0 && await agents.FindVersionAsync(tenant, request.Name, 0, context.CancellationToken) is null)
        {
            throw AgentFaults.NotFound(request.Name);
        }

        var response = new ListAgentChangesResponse { Changes = { found.Take(size).Select(c => c.Change) } };
        response.NextPageToken = found.Count > size ? PageToken.Make(ChangePages, found[size - 1].Id.ToString()) : "";
        return response;
    }

    public override async Task<ScaleAgentResponse> ScaleAgent(ScaleAgentRequest request, ServerCallContext context)
    {
        var isCluster = request.SubjectCase == ScaleAgentRequest.SubjectOneofCase.Cluster;
        CheckName(isCluster ? request.Cluster : request.Name, v => v.Check(
            !request.HasMaxRuns || request.MaxRuns is >= 0 and <= RunLimitWriter.Most, "max_runs",
            $"must be a whole number from 1 to {RunLimitWriter.Most}, 0 for no limit, or absent for what the definition says."));
        var caller = context.GetCaller().RequireAdministrator("scale agents");
        int? most = request.HasMaxRuns ? request.MaxRuns : null;
        return new ScaleAgentResponse
        {
            MaxRuns = isCluster
                ? await versioning.ScaleClusterAsync(caller, request.Cluster, most, context.CancellationToken)
                : await versioning.ScaleAgentAsync(caller, request.Name, most, context.CancellationToken),
        };
    }

    public override Task<ListEngineToolsResponse> ListEngineTools(ListEngineToolsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        TextRules.CheckText(request.Query, 200, "query", violations);
        violations.ThrowIfAny();
        return Task.FromResult(new ListEngineToolsResponse { Tools = { engineTools.List(request.Query) } });
    }

    private static void CheckName(string name, Action<Violations>? more = null)
    {
        var violations = new Violations();
        violations.Check(name.Length > 0, "name", "is missing: the name of an agent.");
        TextRules.CheckText(name, 200, "name", violations);
        more?.Invoke(violations);
        violations.ThrowIfAny();
    }
}
