using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Paging;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>Workspaces over gRPC.</summary>
internal sealed class WorkspaceService(WorkspaceStore values, SessionStore sessions) : Contracts.Orchestration.V1.WorkspaceService.WorkspaceServiceBase
{
    private const string List = "values";

    public override async Task<GetValueResponse> GetValue(GetValueRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var session = SessionService.ReadId(request.SessionId, "session_id", violations);
        WorkspaceRules.CheckKey(request.Key, violations);
        violations.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        await CheckSessionAsync(tenant, session, context);
        var found = await values.FindAsync(tenant, session, request.Key, context.CancellationToken) ?? throw WorkspaceFaults.NotFound(request.Key);
        return new GetValueResponse { Value = found.ToProto() };
    }

    public override async Task<SetValueResponse> SetValue(SetValueRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var session = SessionService.ReadId(request.SessionId, "session_id", violations);
        WorkspaceRules.CheckKey(request.Key, violations);
        WorkspaceRules.CheckValue(request.Value, violations);
        var expected = WorkspaceRules.ReadExpected(request.ExpectedEtag, mayRequireNone: true, violations);
        violations.ThrowIfAny();
        var caller = context.GetCaller();
        var set = await values.SetAsync(
            new ValueChange(caller.Tenant, session, request.Key, caller.Principal), request.Value, expected, context.CancellationToken);
        return new SetValueResponse { Value = set.ToProto() };
    }

    public override async Task<DeleteValueResponse> DeleteValue(DeleteValueRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var session = SessionService.ReadId(request.SessionId, "session_id", violations);
        WorkspaceRules.CheckKey(request.Key, violations);
        var (expected, _) = WorkspaceRules.ReadExpected(request.ExpectedEtag, mayRequireNone: false, violations);
        violations.ThrowIfAny();
        await values.DeleteAsync(context.GetCaller().Tenant, session, request.Key, expected, context.CancellationToken);
        return new DeleteValueResponse();
    }

    public override async Task<ListValuesResponse> ListValues(ListValuesRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var session = SessionService.ReadId(request.SessionId, "session_id", violations);
        WorkspaceRules.CheckPrefix(request.Prefix, violations);
        var size = PageSize.Read(request.PageSize, violations);
        var after = PageToken.Read(List, request.PageToken, violations);
        violations.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        await CheckSessionAsync(tenant, session, context);
        var found = await values.ListAsync(tenant, session, request.Prefix, after, size + 1, context.CancellationToken);
        var response = new ListValuesResponse { Values = { found.Take(size).Select(v => v.ToProto()) } };
        response.NextPageToken = found.Count > size ? PageToken.Make(List, found[size - 1].Key) : "";
        return response;
    }

    private async Task CheckSessionAsync(string tenant, Guid session, ServerCallContext context) =>
        _ = await sessions.FindAsync(tenant, session, context.CancellationToken) ?? throw SessionFaults.NotFound(session);
}
