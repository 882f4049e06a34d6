using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;
using Minion.Tools.Audit;
using Minion.Tools.Declarations;
using Minion.Tools.Registry;
using Minion.Tools.Sources;

namespace Minion.Tools.Api;

/// <summary>Sources, policies, versions and the audit, for clients and other services.</summary>
internal sealed class RegistryGrpcService(
    IDeclarations declarations, DeclarationWriter writer, SourceSet sources, TenantRegistry registry, RegistryNotifications notifications,
    VersionService versions, AuditQueries audit, SecretReferences secrets, SourceAuthorization authorization, TimeProvider time)
    : RegistryService.RegistryServiceBase
{
    public override async Task<PlanToolsResponse> PlanTools(PlanToolsRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("change tools");
        var plan = await PlanAsync(caller, request.Cluster, request.Sources, request.Policies, context.CancellationToken);
        return new PlanToolsResponse { Changes = { plan.Told } };
    }

    public override async Task<ApplyToolsResponse> ApplyTools(ApplyToolsRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("change tools");
        var plan = await PlanAsync(caller, request.Cluster, request.Sources, request.Policies, context.CancellationToken);
        await WriteAsync(caller, plan.Changes, context.CancellationToken);
        return new ApplyToolsResponse { Changes = { plan.Told } };
    }

    public override async Task<ListSourcesResponse> ListSources(ListSourcesRequest request, ServerCallContext context)
    {
        var page = RegistryPages.Read(request.PageSize, request.PageToken);
        var caller = context.GetCaller();
        var declared = await declarations.ReadAsync(caller.Tenant, context.CancellationToken);
        var (items, next) = page.Of(declared.Sources.Where(s => request.Cluster.Length == 0 || s.Cluster == request.Cluster), source => source.Name);
        return new ListSourcesResponse { Sources = { items.Select(source => SourceMessages.Of(caller, source, sources, declared)) }, NextPageToken = next };
    }

    public override async Task<GetSourceResponse> GetSource(GetSourceRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        var source = await FindAsync(caller, request.Name, context.CancellationToken);
        var tools = await registry.GetAsync(caller.Tenant, context.CancellationToken);
        var declared = await declarations.ReadAsync(caller.Tenant, context.CancellationToken);
        return new GetSourceResponse
        {
            Source = SourceMessages.Of(caller, source, sources, declared),
            Tools = { tools.Of(source.Name).Where(tool => tool.IsAllowedFor(caller)).Select(tool => tool.Message) },
        };
    }

    public override async Task<SetSourceResponse> SetSource(SetSourceRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("change tools");
        var violations = new Violations();
        var source = RegistryRequests.Source(request.Source ?? new ToolSource(), "source", cluster: "", sources, secrets.For(caller.Tenant), violations);
        violations.ThrowIfAny();
        var declared = await declarations.ReadAsync(caller.Tenant, context.CancellationToken);
        OfClusters.Refuse(declared.Sources.FirstOrDefault(s => s.Name == source!.Name));
        await WriteAsync(caller, new([source!], [], [], []), context.CancellationToken);
        var written = await FindAsync(caller, source!.Name, context.CancellationToken);
        OfClusters.Refuse(written);
        return new SetSourceResponse { Source = SourceMessages.Of(caller, written, sources, declared) };
    }

    public override async Task<RemoveSourceResponse> RemoveSource(RemoveSourceRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("change tools");
        var source = await FindAsync(caller, request.Name, context.CancellationToken);
        OfClusters.Refuse(source);
        await WriteAsync(caller, new([], [], [source.Name], []), context.CancellationToken);
        return new RemoveSourceResponse();
    }

    public override async Task AuthorizeSource(
        IAsyncStreamReader<AuthorizeSourceRequest> requestStream, IServerStreamWriter<AuthorizeSourceResponse> responseStream, ServerCallContext context)
    {
        // What the call begins with is read before anything is refused: a client that still writes would not hear why.
        var start = await authorization.StartAsync(requestStream, context.CancellationToken);
        var caller = context.GetCaller().RequireAdministrator("authorize sources");
        var source = await FindAsync(caller, start.Name, context.CancellationToken);
        await authorization.RunAsync(caller, start, requestStream, responseStream, context.CancellationToken);
        notifications.Tell(caller.Tenant);
        var declared = await declarations.ReadAsync(caller.Tenant, context.CancellationToken);
        await responseStream.WriteAsync(new AuthorizeSourceResponse { Source = SourceMessages.Of(caller, source, sources, declared) }, context.CancellationToken);
    }

    public override async Task<ListPoliciesResponse> ListPolicies(ListPoliciesRequest request, ServerCallContext context)
    {
        var page = RegistryPages.Read(request.PageSize, request.PageToken);
        var declared = await declarations.ReadAsync(context.GetCaller().Tenant, context.CancellationToken);
        var (items, next) = page.Of(declared.Policies.Where(p => request.Cluster.Length == 0 || p.Cluster == request.Cluster), policy => policy.Name);
        return new ListPoliciesResponse { Policies = { items.Select(SourceMessages.Of) }, NextPageToken = next };
    }

    public override async Task<SetPolicyResponse> SetPolicy(SetPolicyRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("change tools");
        var violations = new Violations();
        var policy = RegistryRequests.Policy(request.Policy ?? new NamedPolicy(), "policy", cluster: "", violations);
        violations.ThrowIfAny();
        OfClusters.Refuse((await declarations.ReadAsync(caller.Tenant, context.CancellationToken)).Policies.FirstOrDefault(p => p.Name == policy!.Name));
        await WriteAsync(caller, new([], [policy!], [], []), context.CancellationToken);
        var written = await FindPolicyAsync(caller, policy!.Name, context.CancellationToken);
        OfClusters.Refuse(written);
        return new SetPolicyResponse { Policy = SourceMessages.Of(written) };
    }

    public override async Task<RemovePolicyResponse> RemovePolicy(RemovePolicyRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("change tools");
        var policy = await FindPolicyAsync(caller, request.Name, context.CancellationToken);
        OfClusters.Refuse(policy);
        await WriteAsync(caller, new([], [], [], [policy.Name]), context.CancellationToken);
        return new RemovePolicyResponse();
    }

    public override async Task<ListToolVersionsResponse> ListToolVersions(ListToolVersionsRequest request, ServerCallContext context) =>
        new() { Versions = { await versions.ListAsync(context.GetCaller(), request.Name, context.CancellationToken) } };

    public override async Task<SetToolStatusResponse> SetToolStatus(SetToolStatusRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("approve or deprecate tools");
        return new SetToolStatusResponse { Version = await versions.SetAsync(caller, request, context.CancellationToken) };
    }

    public override async Task<GetUsageResponse> GetUsage(GetUsageRequest request, ServerCallContext context)
    {
        var since = AuditRequests.Check(request, time.GetUtcNow());
        var usage = await audit.UsageAsync(
            context.GetCaller().Tenant, since, request.Tool, request.Agent, request.ByAgent, AuditRequests.Limit(request.Limit), context.CancellationToken);
        return new GetUsageResponse { Usage = { usage } };
    }

    public override async Task<ListCallsResponse> ListCalls(ListCallsRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller().RequireAdministrator("read the audit of tool calls");
        var filter = AuditRequests.Read(request);
        var size = AuditRequests.Limit(request.PageSize);
        var calls = await audit.CallsAsync(caller.Tenant, filter, size + 1, context.CancellationToken);
        return new ListCallsResponse { Calls = { calls.Take(size) }, NextPageToken = calls.Count > size ? AuditRequests.Token(calls[size - 1]) : "" };
    }

    private async Task<DeclarationPlan> PlanAsync(
        Caller caller, string cluster, IReadOnlyList<ToolSource> given, IReadOnlyList<NamedPolicy> policies, CancellationToken cancellationToken)
    {
        var violations = new Violations();
        RegistryRequests.CheckCluster(cluster, violations);
        var wantedSources = RegistryRequests.Sources(given, cluster, sources, secrets.For(caller.Tenant), violations);
        var wantedPolicies = RegistryRequests.Policies(policies, cluster, violations);
        var declared = await declarations.ReadAsync(caller.Tenant, cancellationToken);
        var plan = DeclarationPlan.Make(cluster, wantedSources, wantedPolicies, declared, violations);
        violations.ThrowIfAny();
        return plan;
    }

    private async Task WriteAsync(Caller caller, DeclarationChanges changes, CancellationToken cancellationToken)
    {
        if (!changes.IsEmpty)
        {
            await writer.WriteAsync(caller, changes, cancellationToken);
            notifications.Tell(caller.Tenant);
        }
    }

    private async Task<DeclaredSource> FindAsync(Caller caller, string name, CancellationToken cancellationToken) =>
        (await declarations.ReadAsync(caller.Tenant, cancellationToken)).Sources.FirstOrDefault(source => source.Name == name)
        ?? throw Fault.NotFound("tool source", name, "'minion tools sources' lists them.");

    private async Task<DeclaredPolicy> FindPolicyAsync(Caller caller, string name, CancellationToken cancellationToken) =>
        (await declarations.ReadAsync(caller.Tenant, cancellationToken)).Policies.FirstOrDefault(policy => policy.Name == name)
        ?? throw Fault.NotFound("tool policy", name, "'minion tools policies' lists them.");
}
