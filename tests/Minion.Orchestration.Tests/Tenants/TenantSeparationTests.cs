using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Tenants;

/// <summary>Each method of each service, called with the ids of another tenant: nothing is found, told or changed.</summary>
public sealed class TenantSeparationTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string Secret = "of-the-owner";

    private static readonly IReadOnlyDictionary<string, MethodDescriptor> Methods = new[]
    {
        AgentsReflection.Descriptor, ClustersReflection.Descriptor, CoordinationReflection.Descriptor, HistoryReflection.Descriptor, InboxReflection.Descriptor,
        MessagesReflection.Descriptor, ModelsReflection.Descriptor, RunsReflection.Descriptor, SchedulesReflection.Descriptor, SessionsReflection.Descriptor,
        StatusReflection.Descriptor, StreamsReflection.Descriptor, WorkspacesReflection.Descriptor,
    }.SelectMany(f => f.Services).SelectMany(s => s.Methods).ToDictionary(m => $"{m.Service.Name}/{m.Name}", StringComparer.Ordinal);

    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private EngineHost _host = null!;

    /// <summary>What the other tenant sends, and what it gets; {names} are ids of the owner's. Where it is OK, the answer must hold none of them.</summary>
    private static readonly Dictionary<string, (string Request, StatusCode Status)> Calls = new(StringComparer.Ordinal)
    {
        ["AgentService/CreateAgent"] = ("""{"definition":{"name":"mine","model":"{agent}","instructions":"x"}}""", StatusCode.InvalidArgument),
        ["AgentService/GetAgent"] = ("""{"name":"{agent}"}""", StatusCode.NotFound),
        ["AgentService/UpdateAgent"] = ("""{"definition":{"name":"{agent}","model":"openai/gpt-5-mini","instructions":"stolen"}}""", StatusCode.NotFound),
        ["AgentService/DeleteAgent"] = ("""{"name":"{agent}"}""", StatusCode.NotFound),
        ["AgentService/ListAgents"] = ("{}", StatusCode.OK),
        ["AgentService/ListAgentVersions"] = ("""{"name":"{agent}"}""", StatusCode.NotFound),
        ["AgentService/ChangeAgentStatus"] = ("""{"name":"{agent}","status":"AGENT_STATUS_INACTIVE"}""", StatusCode.NotFound),
        ["AgentService/DiffAgentVersions"] = ("""{"name":"{agent}","fromVersion":1,"toVersion":2}""", StatusCode.NotFound),
        ["AgentService/ActivateAgentVersion"] = ("""{"name":"{agent}","version":1}""", StatusCode.NotFound),
        ["AgentService/SetAgentTraffic"] = ("""{"name":"{agent}","traffic":[{"version":1,"percent":100}]}""", StatusCode.NotFound),
        ["AgentService/ListAgentChanges"] = ("""{"name":"{agent}"}""", StatusCode.NotFound),
        ["AgentService/ScaleAgent"] = ("""{"name":"{agent}","maxRuns":1}""", StatusCode.NotFound),
        ["AgentService/ListEngineTools"] = ("{}", StatusCode.OK),
        ["ClusterService/ApplyCluster"] = ("""{"content":"apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: { name: {cluster} }\n"}""", StatusCode.OK),
        ["ClusterService/ApplyClusters"] = ("""{"dryRun":true,"files":[{"content":"apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: { name: {cluster} }\n"}]}""", StatusCode.OK),
        ["ClusterService/ListClusters"] = ("{}", StatusCode.OK),
        ["ClusterService/ExportCluster"] = ("""{"name":"{cluster}2"}""", StatusCode.NotFound),
        ["CoordinationService/AcquireSemaphore"] = ("""{"name":"{shared}","permits":5,"holder":"other"}""", StatusCode.OK),
        ["CoordinationService/RenewSemaphore"] = ("""{"name":"{shared}","holder":"{holder}","fence":"{fence}"}""", StatusCode.FailedPrecondition),
        ["CoordinationService/ReleaseSemaphore"] = ("""{"name":"{shared}","holder":"{holder}","fence":"{fence}"}""", StatusCode.OK),
        ["CoordinationService/GetSemaphore"] = ("""{"name":"{shared}2"}""", StatusCode.NotFound),
        ["CoordinationService/ListSemaphores"] = ("{}", StatusCode.OK),
        ["CoordinationService/DeleteSemaphore"] = ("""{"name":"{shared}2"}""", StatusCode.NotFound),
        ["CoordinationService/ArriveAtBarrier"] = ("""{"name":"{shared}","parties":2,"party":"other"}""", StatusCode.OK),
        ["CoordinationService/ListBarriers"] = ("{}", StatusCode.OK),
        ["CoordinationService/DeleteBarrier"] = ("""{"name":"{shared}2"}""", StatusCode.NotFound),
        ["CoordinationService/PushToQueue"] = ("""{"queue":"theirs","payload":"1","key":"{shared}"}""", StatusCode.OK),
        ["CoordinationService/TakeFromQueue"] = ("""{"queue":"{shared}","holder":"{holder}"}""", StatusCode.OK),
        ["CoordinationService/CompleteQueueItem"] = ("""{"queue":"{shared}","id":"{item}","fence":"{itemFence}"}""", StatusCode.FailedPrecondition),
        ["CoordinationService/ReturnQueueItem"] = ("""{"queue":"{shared}","id":"{item}","fence":"{itemFence}"}""", StatusCode.FailedPrecondition),
        ["CoordinationService/RenewQueueItem"] = ("""{"queue":"{shared}","id":"{item}","fence":"{itemFence}"}""", StatusCode.FailedPrecondition),
        ["CoordinationService/ListQueues"] = ("{}", StatusCode.OK),
        ["CoordinationService/ListQueueItems"] = ("""{"queue":"{shared}"}""", StatusCode.OK),
        ["CoordinationService/DeleteQueue"] = ("""{"queue":"{shared}"}""", StatusCode.NotFound),
        ["HistoryService/ForkRun"] = ("""{"runId":"{run}"}""", StatusCode.NotFound),
        ["HistoryService/ReplayRun"] = ("""{"runId":"{run}"}""", StatusCode.NotFound),
        ["HistoryService/DiffRuns"] = ("""{"runId":"{run}","otherRunId":"{waiting}"}""", StatusCode.NotFound),
        ["HistoryService/GetRunAt"] = ("""{"runId":"{run}"}""", StatusCode.NotFound),
        ["HistoryService/KeepRun"] = ("""{"runId":"{run}"}""", StatusCode.NotFound),
        ["HistoryService/ReadText"] = ("""{"runId":"{run}","hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}""", StatusCode.NotFound),
        ["InboxService/ListItems"] = ("""{"runId":"{waiting}","tree":true}""", StatusCode.OK),
        ["InboxService/GetItem"] = ("""{"id":"{question}"}""", StatusCode.NotFound),
        ["InboxService/AnswerItem"] = ("""{"id":"{question}","choice":"approve"}""", StatusCode.NotFound),
        ["InboxService/DelegateItem"] = ("""{"id":"{question}","to":"me"}""", StatusCode.NotFound),
        ["MessageService/Send"] = ("""{"to":"run:{waiting}","performative":"PERFORMATIVE_INFORM","payload":"1"}""", StatusCode.NotFound),
        ["MessageService/Receive"] = ("""{"receiver":"session:{session}"}""", StatusCode.OK),
        ["MessageService/Acknowledge"] = ("""{"deliveryId":"{delivery}","leaseId":"{lease}"}""", StatusCode.NotFound),
        ["MessageService/Reject"] = ("""{"deliveryId":"{delivery}","leaseId":"{lease}","dead":true}""", StatusCode.NotFound),
        ["MessageService/ExtendLease"] = ("""{"deliveryId":"{delivery}","leaseId":"{lease}"}""", StatusCode.NotFound),
        ["MessageService/Subscribe"] = ("""{"topic":"{shared}","subscriber":"session:{session}"}""", StatusCode.NotFound),
        ["MessageService/Unsubscribe"] = ("""{"topic":"{shared}","subscriber":"session:{session}"}""", StatusCode.OK),
        ["MessageService/ListSubscriptions"] = ("{}", StatusCode.OK),
        ["MessageService/ListDeadLetters"] = ("{}", StatusCode.OK),
        ["MessageService/GetDeadLetter"] = ("""{"id":"{dead}"}""", StatusCode.NotFound),
        ["MessageService/ReplayDeadLetter"] = ("""{"id":"{dead}"}""", StatusCode.NotFound),
        ["MessageService/DeleteDeadLetter"] = ("""{"id":"{dead}"}""", StatusCode.NotFound),
        ["ModelService/GetModel"] = ("""{"name":"{agent}"}""", StatusCode.NotFound),
        ["ModelService/ListModels"] = ("{}", StatusCode.OK),
        ["RunService/StartRun"] = ("""{"agent":"{agent}","input":"x","sessionId":"{session}","requestId":"{request}"}""", StatusCode.NotFound),
        ["RunService/GetRun"] = ("""{"id":"{run}"}""", StatusCode.NotFound),
        ["RunService/GetRunTree"] = ("""{"id":"{run}","withSteps":true}""", StatusCode.NotFound),
        ["RunService/ListRuns"] = ("""{"rootId":"{run}","withChildren":true}""", StatusCode.OK),
        ["RunService/ListEntries"] = ("""{"runId":"{run}","full":true}""", StatusCode.NotFound),
        ["RunService/CancelRun"] = ("""{"id":"{waiting}"}""", StatusCode.NotFound),
        ["RunService/RetryRun"] = ("""{"id":"{waiting}"}""", StatusCode.NotFound),
        ["RunService/Answer"] = ("""{"runId":"{waiting}","choice":"approve"}""", StatusCode.NotFound),
        ["RunService/WatchRun"] = ("""{"runId":"{run}"}""", StatusCode.NotFound),
        ["ScheduleService/CreateSchedule"] = ("""{"definition":{"name":"mine","agent":"{agent}","input":"x","every":"60s"}}""", StatusCode.NotFound),
        ["ScheduleService/GetSchedule"] = ("""{"name":"{schedule}"}""", StatusCode.NotFound),
        ["ScheduleService/ListSchedules"] = ("{}", StatusCode.OK),
        ["ScheduleService/UpdateSchedule"] = ("""{"definition":{"name":"{scheduleName}","agent":"{agent}","input":"x","every":"60s"}}""", StatusCode.NotFound),
        ["ScheduleService/DeleteSchedule"] = ("""{"name":"{schedule}"}""", StatusCode.NotFound),
        ["ScheduleService/PauseSchedule"] = ("""{"name":"{schedule}"}""", StatusCode.NotFound),
        ["ScheduleService/ResumeSchedule"] = ("""{"name":"{schedule}"}""", StatusCode.NotFound),
        ["ScheduleService/TriggerSchedule"] = ("""{"name":"{schedule}"}""", StatusCode.NotFound),
        ["ScheduleService/PreviewSchedule"] = ("""{"name":"{schedule}"}""", StatusCode.NotFound),
        ["ScheduleService/ListFires"] = ("""{"name":"{schedule}"}""", StatusCode.NotFound),
        ["SessionService/CreateSession"] = ("""{"agent":"{agent}"}""", StatusCode.NotFound),
        ["SessionService/GetSession"] = ("""{"id":"{session}"}""", StatusCode.NotFound),
        ["SessionService/ListSessions"] = ("{}", StatusCode.OK),
        ["SessionService/AppendMessage"] = ("""{"sessionId":"{session}","role":"ROLE_USER","content":"x"}""", StatusCode.NotFound),
        ["SessionService/ListMessages"] = ("""{"sessionId":"{session}"}""", StatusCode.NotFound),
        ["SessionService/CloseSession"] = ("""{"id":"{session}"}""", StatusCode.NotFound),
        ["SessionService/ArchiveSession"] = ("""{"id":"{session}"}""", StatusCode.NotFound),
        ["SessionService/DeleteSession"] = ("""{"id":"{session}"}""", StatusCode.NotFound),
        ["SessionService/PinMessage"] = ("""{"sessionId":"{session}","seq":"1"}""", StatusCode.NotFound),
        ["SessionService/UnpinMessage"] = ("""{"sessionId":"{session}","seq":"1"}""", StatusCode.NotFound),
        ["SessionService/ListSummaries"] = ("""{"sessionId":"{session}"}""", StatusCode.NotFound),
        ["SessionService/UndoSummary"] = ("""{"sessionId":"{session}"}""", StatusCode.NotFound),
        ["StatusService/GetStatus"] = ("{}", StatusCode.OK),
        ["StreamService/StreamRun"] = ("""{"runId":"{run}"}""", StatusCode.NotFound),
        ["StreamService/StreamSession"] = ("""{"sessionId":"{session}","untilIdle":true}""", StatusCode.NotFound),
        ["WorkspaceService/GetValue"] = ("""{"sessionId":"{session}","key":"k"}""", StatusCode.NotFound),
        ["WorkspaceService/SetValue"] = ("""{"sessionId":"{session}","key":"k","value":"2"}""", StatusCode.NotFound),
        ["WorkspaceService/DeleteValue"] = ("""{"sessionId":"{session}","key":"k"}""", StatusCode.NotFound),
        ["WorkspaceService/ListValues"] = ("""{"sessionId":"{session}"}""", StatusCode.NotFound),
    };

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(fixture.Database);
        await PrepareAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void Every_method_is_tried() => Calls.Keys.Order(StringComparer.Ordinal).ShouldBe(Methods.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Another_tenant_finds_nothing_and_changes_nothing()
    {
        var before = await OwnAsync();
        var wrong = new List<string>();
        foreach (var (name, (request, expected)) in Calls)
        {
            var (status, answer) = await CallAsync(name, request, _host.As("other"));
            if (status != expected)
            {
                wrong.Add($"{name}: {status} instead of {expected}: {answer}");
            }
            else if (status == StatusCode.OK && _ids.Where(i => i.Key is not ("cluster" or "shared" or "holder" or "fence" or "itemFence") && answer.Contains(i.Value, StringComparison.Ordinal)).ToList() is { Count: > 0 } told)
            {
                wrong.Add($"{name} tells {string.Join(", ", told.Select(t => t.Key))}: {answer}");
            }
            else if (answer.Contains(Secret, StringComparison.Ordinal))
            {
                wrong.Add($"{name} tells the owner's text: {answer}");
            }
        }

        wrong.ShouldBeEmpty();
        (await OwnAsync()).ShouldBe(before);
    }

    /// <summary>What the owner has, as the owner reads it.</summary>
    private async Task<List<string>> OwnAsync()
    {
        string[] reads =
        [
            "AgentService/GetAgent", "AgentService/ListAgentVersions", "AgentService/ListAgentChanges", "ClusterService/ListClusters", "HistoryService/GetRunAt", "InboxService/GetItem", "MessageService/GetDeadLetter", "RunService/GetRun",
            "ScheduleService/GetSchedule", "ScheduleService/ListFires", "SessionService/GetSession", "SessionService/ListMessages", "WorkspaceService/GetValue",
            "MessageService/ListSubscriptions", "CoordinationService/ListSemaphores", "CoordinationService/ListBarriers", "CoordinationService/ListQueues", "CoordinationService/ListQueueItems",
        ];
        var all = new List<string>();
        foreach (var read in reads)
        {
            var (status, answer) = await CallAsync(read, Calls[read].Request, []);
            status.ShouldBe(StatusCode.OK, read);
            all.Add(answer);
        }

        all.Add((await CallAsync("RunService/GetRun", """{"id":"{waiting}"}""", [])).Answer);
        return all;
    }

    private async Task PrepareAsync()
    {
        var agent = await _host.AskingAgentAsync(
            """{"rules":[{"match":"note","calls":[{"tool":"notes_add","arguments":{"text":"x"}}],"say":"Noted."}],"otherwise":"Hello of-the-owner."}""",
            ["notes_add"],
            new ApprovalRule { Tool = "notes_add" });
        (_ids["agent"], _ids["shared"], _ids["holder"], _ids["request"]) = (agent, "shared-" + agent[2..], "holder", "request-" + agent[2..]);
        await OwnerAsync("AgentService/UpdateAgent", """{"definition":{"name":"{agent}","model":"{agent}","instructions":"of-the-owner"}}""");
        await OwnerAsync("AgentService/ActivateAgentVersion", """{"name":"{agent}","version":1}""");
        _ids["cluster"] = "cluster-" + agent[2..];
        await OwnerAsync("ClusterService/ApplyCluster", """{"content":"apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: { name: {cluster}, description: of-the-owner }\n"}""");
        _ids["session"] = (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest { Agent = agent, Title = Secret })).Session.Id;
        await OwnerAsync("WorkspaceService/SetValue", """{"sessionId":"{session}","key":"k","value":"1"}""");
        _ids["run"] = (await _host.StartAsync(agent, "hello", _ids["session"], _ids["request"])).Id;
        await _host.UntilAsync(_ids["run"], RunStatus.Completed);
        _ids["waiting"] = (await _host.StartAsync(agent, "note")).Id;
        await _host.UntilAsync(_ids["waiting"], RunStatus.Waiting);
        _ids["question"] = (await _host.ItemsAsync(_ids["waiting"]))[0].Id;
        _ids["scheduleName"] = "s-" + agent[2..];
        var schedule = """{"definition":{"name":"{scheduleName}","agent":"{agent}","input":"x","delay":"86400s"}}""";
        _ids["schedule"] = ((CreateScheduleResponse)await OwnerAsync("ScheduleService/CreateSchedule", schedule)).Schedule.Id;
        await OwnerAsync("MessageService/Send", """{"to":"session:{session}","performative":"PERFORMATIVE_INFORM","payload":"\"of-the-owner\""}""");
        var delivery = ((ReceiveResponse)await OwnerAsync("MessageService/Receive", """{"receiver":"session:{session}","lease":"3600s"}""")).Deliveries[0];
        (_ids["delivery"], _ids["lease"]) = (delivery.Id, delivery.LeaseId);
        await OwnerAsync("MessageService/Send", """{"to":"topic:nobody","performative":"PERFORMATIVE_INFORM","payload":"\"of-the-owner\""}""");
        _ids["dead"] = ((ListDeadLettersResponse)await OwnerAsync("MessageService/ListDeadLetters", "{}")).DeadLetters[0].Id;
        await OwnerAsync("MessageService/Subscribe", """{"topic":"{shared}","subscriber":"session:{session}"}""");
        _ids["fence"] = $"{((AcquireSemaphoreResponse)await OwnerAsync("CoordinationService/AcquireSemaphore", """{"name":"{shared}","permits":1,"holder":"{holder}","lease":"3600s"}""")).Fence}";
        await OwnerAsync("CoordinationService/ArriveAtBarrier", """{"name":"{shared}","parties":2,"party":"{holder}"}""");
        await OwnerAsync("CoordinationService/PushToQueue", """{"queue":"{shared}","payload":"\"of-the-owner\"","key":"{shared}"}""");
        var item = ((TakeFromQueueResponse)await OwnerAsync("CoordinationService/TakeFromQueue", """{"queue":"{shared}","holder":"{holder}","lease":"3600s"}""")).Items[0];
        (_ids["item"], _ids["itemFence"]) = (item.Id, $"{item.Fence}");
    }

    private async Task<IMessage> OwnerAsync(string name, string request)
    {
        var (status, answer) = await CallAsync(name, request, []);
        status.ShouldBe(StatusCode.OK, $"{name}: {answer}");
        return JsonParser.Default.Parse(answer, Methods[name].OutputType);
    }

    private async Task<(StatusCode Status, string Answer)> CallAsync(string name, string request, Metadata headers)
    {
        var method = Methods[name];
        var json = _ids.Aggregate(request, (text, id) => text.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));
        var content = JsonParser.Default.Parse(json, method.InputType).ToByteArray();
        var raw = Marshallers.Create<byte[]>(b => b, b => b);
        var invoked = new Method<byte[], byte[]>(method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary, method.Service.FullName, method.Name, raw, raw);
        try
        {
            if (!method.IsServerStreaming)
            {
                var answer = await _host.Channel.CreateCallInvoker().AsyncUnaryCall(invoked, host: null, new CallOptions(headers), content);
                return (StatusCode.OK, JsonFormatter.Default.Format(method.OutputType.Parser.ParseFrom(answer)));
            }

            using var call = _host.Channel.CreateCallInvoker().AsyncServerStreamingCall(invoked, host: null, new CallOptions(headers), content);
            return await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)
                ? (StatusCode.OK, JsonFormatter.Default.Format(method.OutputType.Parser.ParseFrom(call.ResponseStream.Current)))
                : (StatusCode.OK, "");
        }
        catch (RpcException error)
        {
            return (error.StatusCode, error.Status.Detail.Replace(json, "", StringComparison.Ordinal));
        }
    }
}
