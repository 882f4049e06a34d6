using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Paging;
using Minion.Orchestration.Sessions;
using Minion.ServiceDefaults.Callers;
using Of = Minion.Contracts.Orchestration.V1.PreviewScheduleRequest.OfOneofCase;

namespace Minion.Orchestration.Schedules;

/// <summary>Schedules over gRPC.</summary>
internal sealed class ScheduleService(ScheduleStore schedules, FireQueue queue, AgentStore agents, SessionStore sessions, TimeProvider time)
    : Contracts.Orchestration.V1.ScheduleService.ScheduleServiceBase
{
    private const string List = "schedules";
    private const int LongestName = 200;
    private const int LongestRequestId = 100;

    public override async Task<CreateScheduleResponse> CreateSchedule(CreateScheduleRequest request, ServerCallContext context)
    {
        var definition = await CheckAsync(request.Definition, context);
        var schedule = await schedules.InsertAsync(context.GetCaller(), definition, request.Paused, context.CancellationToken)
            ?? throw ScheduleFaults.Exists(definition.Name);
        return new CreateScheduleResponse { Schedule = schedule.ToProto() };
    }

    public override async Task<GetScheduleResponse> GetSchedule(GetScheduleRequest request, ServerCallContext context) =>
        new() { Schedule = (await FindAsync(request.Name, context)).ToProto() };

    public override async Task<ListSchedulesResponse> ListSchedules(ListSchedulesRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var size = PageSize.Read(request.PageSize, violations);
        var after = PageToken.Read(List, request.PageToken, violations);
        TextRules.CheckText(request.Agent, LongestName, "agent", violations);
        violations.Check(System.Enum.IsDefined(request.Status), "status", "must be one of SCHEDULE_STATUS_ACTIVE, _PAUSED, _ENDED, or unspecified for all.");
        violations.ThrowIfAny();
        var status = request.Status == ScheduleStatus.Unspecified ? "" : request.Status.ToString().ToLowerInvariant();
        var found = await schedules.ListAsync(context.GetCaller().Tenant, request.Agent, status, after, size + 1, context.CancellationToken);
        return new ListSchedulesResponse
        {
            Schedules = { found.Take(size).Select(s => s.ToProto()) },
            NextPageToken = found.Count > size ? PageToken.Make(List, found[size - 1].Definition.Name) : "",
        };
    }

    public override async Task<UpdateScheduleResponse> UpdateSchedule(UpdateScheduleRequest request, ServerCallContext context)
    {
        var definition = await CheckAsync(request.Definition, context);
        ThrowIfOfCluster(await FindAsync(definition.Name, context));
        var schedule = await schedules.UpdateAsync(context.GetCaller(), definition, context.CancellationToken) ?? throw ScheduleFaults.NotFound(definition.Name);
        return new UpdateScheduleResponse { Schedule = schedule.ToProto() };
    }

    public override async Task<DeleteScheduleResponse> DeleteSchedule(DeleteScheduleRequest request, ServerCallContext context)
    {
        var schedule = await FindAsync(request.Name, context);
        ThrowIfOfCluster(schedule);
        await schedules.DeleteAsync(schedule.Tenant, schedule.Id, context.CancellationToken);
        return new DeleteScheduleResponse();
    }

    public override async Task<PauseScheduleResponse> PauseSchedule(PauseScheduleRequest request, ServerCallContext context) =>
        new() { Schedule = await SetPausedAsync(request.Name, paused: true, context) };

    public override async Task<ResumeScheduleResponse> ResumeSchedule(ResumeScheduleRequest request, ServerCallContext context) =>
        new() { Schedule = await SetPausedAsync(request.Name, paused: false, context) };

    public override async Task<TriggerScheduleResponse> TriggerSchedule(TriggerScheduleRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        TextRules.CheckText(request.RequestId, LongestRequestId, "request_id", violations);
        violations.Check(!request.RequestId.Any(char.IsControl), "request_id", "has control characters.");
        violations.ThrowIfAny();
        var schedule = await FindAsync(request.Name, context);
        if (context.GetCaller().Principal != schedule.Owner.Principal)
        {
            // The run has the permissions of who made the schedule.
            context.GetCaller().RequireAdministrator("trigger schedules of others");
        }

        var now = time.GetStoredNow();
        var requestId = request.RequestId.Length > 0 ? $"schedule/{schedule.Id}/by/{request.RequestId}" : FireRecord.RequestOf(schedule.Id, now) + "/now";
        var fire = new FireRecord(schedule, now, requestId, schedule.Fired, 0, now);
        return new TriggerScheduleResponse { RunId = (await queue.TriggerAsync(fire, context.CancellationToken)).ToString() };
    }

    public override async Task<PreviewScheduleResponse> PreviewSchedule(PreviewScheduleRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var count = PageSize.Read(request.Count, violations, "count", most: 100, byDefault: 5);
        violations.Check(request.OfCase != Of.None, "name", "is missing: a schedule's name, or a definition.");
        ScheduleRules.CheckTime(request.After, "after", violations);
        if (request.OfCase == Of.Definition)
        {
            var complete = request.Definition.Clone();
            (complete.Name, complete.Agent, complete.Input) = ("preview", "preview", "preview");
            ScheduleRules.Check(complete, "definition.", violations);
        }

        violations.ThrowIfAny();
        var now = time.GetStoredNow();
        var times = request.OfCase == Of.Name ? (await FindAsync(request.Name, context)).Times : new ScheduleTimes(request.Definition, now);
        var response = new PreviewScheduleResponse();
        for (var next = times.After(request.After?.ToDateTimeOffset() ?? now); next is { } at && response.Times.Count < count; next = times.After(at))
        {
            response.Times.Add(Timestamp.FromDateTimeOffset(at));
        }

        return response;
    }

    public override async Task<ListFiresResponse> ListFires(ListFiresRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var limit = PageSize.Read(request.Limit, violations, "limit");
        violations.ThrowIfAny();
        var schedule = await FindAsync(request.Name, context);
        return new ListFiresResponse { Fires = { await schedules.FiresAsync(schedule.Tenant, schedule.Id, limit, context.CancellationToken) } };
    }

    /// <summary>The definition, when nothing is wrong with it and its agent and session are there.</summary>
    private async Task<ScheduleDefinition> CheckAsync(ScheduleDefinition? definition, ServerCallContext context)
    {
        var violations = new Violations();
        if (violations.Check(definition is not null, "definition", "is missing."))
        {
            ScheduleRules.Check(definition!, "definition.", violations);
        }

        violations.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        _ = await agents.FindVersionAsync(tenant, definition!.Agent, 0, context.CancellationToken) ?? throw AgentFaults.NotFound(definition.Agent);
        if (definition.SessionId.Length > 0 && Guid.Parse(definition.SessionId) is var session && await sessions.FindAsync(tenant, session, context.CancellationToken) is null)
        {
            throw SessionFaults.NotFound(session);
        }

        return definition;
    }

    private async Task<Schedule> SetPausedAsync(string name, bool paused, ServerCallContext context)
    {
        CheckName(name);
        var schedule = await schedules.SetPausedAsync(context.GetCaller().Tenant, name, paused, context.CancellationToken);
        return (schedule ?? throw ScheduleFaults.NotFound(name)).ToProto();
    }

    private async Task<ScheduleRecord> FindAsync(string name, ServerCallContext context)
    {
        CheckName(name);
        return await schedules.FindAsync(context.GetCaller().Tenant, name, context.CancellationToken) ?? throw ScheduleFaults.NotFound(name);
    }

    private static void CheckName(string name)
    {
        var violations = new Violations();
        violations.Check(name.Length > 0, "name", "is missing: the schedule's name or id.");
        TextRules.CheckText(name, LongestName, "name", violations);
        violations.ThrowIfAny();
    }

    private static void ThrowIfOfCluster(ScheduleRecord schedule)
    {
        if (schedule.Cluster is { } cluster)
        {
            throw ScheduleFaults.OfCluster(schedule.Definition.Name, cluster);
        }
    }
}
