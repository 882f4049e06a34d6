using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Paging;
using Minion.ServiceDefaults.Callers;
using Minion.Yaml;

namespace Minion.Orchestration.Sessions;

/// <summary>Sessions over gRPC.</summary>
internal sealed partial class SessionService(
    SessionStore sessions, SummaryStore summaries, PinStore pins, SessionRemoval removal, AgentStore agents) : Minion.Contracts.Orchestration.V1.SessionService.SessionServiceBase
{
    private const string List = "sessions";
    private const int MostMessageBytes = 1024 * 1024;
    private const int MostPageBytes = 3 * 1024 * 1024;
    private const int MostMessages = 200;
    private const int LongestTitle = 200;
    private const int LongestMetadata = 4000;
    private static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestTimeToLive = TimeSpan.FromDays(3653);

    public override async Task<CreateSessionResponse> CreateSession(CreateSessionRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        var violations = new Violations();
        TextRules.CheckText(request.Agent, LongestTitle, "agent", violations);
        TextRules.CheckText(request.Title, LongestTitle, "title", violations);
        TextRules.CheckPairs(request.Metadata, LongestMetadata, "metadata", violations);
        var timeToLive = ReadTimeToLive(request.TimeToLive, violations);
        Guid? id = request.Id.Length > 0 ? ReadId(request.Id, "id", violations) : null;
        var messages = ReadMessages(request.Messages, violations);
        violations.Check(System.Enum.IsDefined(request.Turns), "turns", "must be one of TURN_POLICY_QUEUE, _REJECT, _INTERRUPT, or unspecified for QUEUE.");
        var turns = request.Turns == TurnPolicy.Unspecified ? TurnPolicy.Queue : request.Turns;
        violations.ThrowIfAny();
        if (request.Agent.Length > 0 && await agents.FindVersionAsync(caller.Tenant, request.Agent, 0, context.CancellationToken) is null)
        {
            throw AgentFaults.NotFound(request.Agent);
        }

        var session = await sessions.CreateAsync(
            caller.Tenant, id, request.Agent, request.Title, timeToLive, request.Metadata, messages, turns, context.CancellationToken);
        return new CreateSessionResponse { Session = (session ?? throw SessionFaults.Exists(id!.Value)).ToSession() };
    }

    public override async Task<GetSessionResponse> GetSession(GetSessionRequest request, ServerCallContext context)
    {
        var id = ReadId(request.Id, "id");
        var tenant = context.GetCaller().Tenant;
        var session = (await sessions.FindAsync(tenant, id, context.CancellationToken) ?? throw SessionFaults.NotFound(id)).ToSession();
        session.Summary = (await summaries.CurrentAsync(tenant, id, context.CancellationToken))?.ToProto();
        return new GetSessionResponse { Session = session };
    }

    public override async Task<ListSessionsResponse> ListSessions(ListSessionsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var size = PageSize.Read(request.PageSize, violations);
        var key = PageToken.Read(List, request.PageToken, violations);
        TextRules.CheckText(request.Agent, LongestTitle, "agent", violations);
        violations.Check(
            System.Enum.IsDefined(request.Status), "status",
            "must be one of SESSION_STATUS_ACTIVE, _CLOSED, _EXPIRED, _ARCHIVED, or unspecified for all but archived ones.");
        violations.ThrowIfAny();

        var before = Guid.TryParse(key, out var last) ? last : Guid.AllBitsSet;
        SessionStatus? status = request.Status == SessionStatus.Unspecified ? null : request.Status;
        var found = await sessions.ListAsync(context.GetCaller().Tenant, request.Agent, status, before, size + 1, context.CancellationToken);
        var response = new ListSessionsResponse { Sessions = { found.Take(size).Select(s => s.ToSession()) } };
        response.NextPageToken = found.Count > size ? PageToken.Make(List, found[size - 1].Id.ToString()) : "";
        return response;
    }

    public override async Task<AppendMessageResponse> AppendMessage(AppendMessageRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var id = ReadId(request.SessionId, "session_id", violations);
        CheckRole(request.Role, "role", violations);
        CheckContent(request.Content, "content", violations);
        violations.ThrowIfAny();

        var message = await sessions.AppendAsync(context.GetCaller().Tenant, id, request.Role, request.Content, context.CancellationToken);
        return new AppendMessageResponse { Message = message.ToMessage() };
    }

    public override async Task<ListMessagesResponse> ListMessages(ListMessagesRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var id = ReadId(request.SessionId, "session_id", violations);
        var limit = PageSize.Read(request.Limit, violations, "limit", most: 1000, byDefault: 100);
        violations.Check(request.AfterSeq >= 0, "after_seq", "must be 0 (from the start) or more.");
        violations.ThrowIfAny();

        var tenant = context.GetCaller().Tenant;
        _ = await sessions.FindAsync(tenant, id, context.CancellationToken) ?? throw SessionFaults.NotFound(id);
        if (request.Newest)
        {
            var newest = await sessions.ListNewestMessagesAsync(tenant, id, limit, context.CancellationToken);
            var last = Fitting(newest.AsEnumerable().Reverse());
            return new ListMessagesResponse { Messages = { newest.TakeLast(last).Select(m => m.ToMessage()) } };
        }

        var found = await sessions.ListMessagesAsync(tenant, id, request.AfterSeq, limit + 1, context.CancellationToken);
        var page = Fitting(found.Take(limit));
        return new ListMessagesResponse { Messages = { found.Take(page).Select(m => m.ToMessage()) }, HasMore = found.Count > page };
    }

    public override async Task<CloseSessionResponse> CloseSession(CloseSessionRequest request, ServerCallContext context) =>
        new() { Session = await EndAsync(request.Id, SessionStatus.Closed, context) };

    public override async Task<ArchiveSessionResponse> ArchiveSession(ArchiveSessionRequest request, ServerCallContext context) =>
        new() { Session = await EndAsync(request.Id, SessionStatus.Archived, context) };

    public override async Task<DeleteSessionResponse> DeleteSession(DeleteSessionRequest request, ServerCallContext context)
    {
        await removal.DeleteAsync(context.GetCaller().Tenant, ReadId(request.Id, "id"), context.CancellationToken);
        return new DeleteSessionResponse();
    }

    /// <summary>What any message must be, also the input of a run: 1 byte to 1 MiB.</summary>
    public static void CheckContent(string content, string field, Violations violations)
    {
        var bytes = Encoding.UTF8.GetByteCount(content);
        violations.Check(bytes is >= 1 and <= MostMessageBytes, field, bytes == 0 ? "is empty." : $"has {bytes:N0} bytes; at most {MostMessageBytes:N0} (1 MiB) are allowed.");
        TextRules.CheckStorable(content, field, violations);
    }

    /// <summary>How many of the messages, from the first, fit into one answer: below gRPC's customary 4 MiB, and one at least.</summary>
    private static int Fitting(IEnumerable<SessionMessage> messages)
    {
        var bytes = 0L;
        return messages.TakeWhile((m, i) => (bytes += Encoding.UTF8.GetByteCount(m.Content)) <= MostPageBytes || i == 0).Count();
    }

    private static void CheckRole(Role role, string field, Violations violations) => violations.Check(
        role != Role.Unspecified && System.Enum.IsDefined(role), field, "must be one of ROLE_USER, _ASSISTANT, _SYSTEM, _TOOL.");

    private static List<(Role Role, string Content)> ReadMessages(IReadOnlyList<NewMessage> messages, Violations violations)
    {
        if (!violations.Check(messages.Count <= MostMessages, "messages", $"has {messages.Count} messages; at most {MostMessages} are allowed."))
        {
            return [];
        }

        foreach (var (index, message) in messages.Index())
        {
            CheckRole(message.Role, $"messages[{index}].role", violations);
            CheckContent(message.Content, $"messages[{index}].content", violations);
        }

        return [.. messages.Select(m => (m.Role, m.Content))];
    }

    private async Task<Session> EndAsync(string givenId, SessionStatus status, ServerCallContext context)
    {
        var id = ReadId(givenId, "id");
        var session = await sessions.EndAsync(context.GetCaller().Tenant, id, status, context.CancellationToken);
        return session?.ToSession() ?? throw SessionFaults.NotFound(id);
    }

    private static TimeSpan ReadTimeToLive(Duration? given, Violations violations)
    {
        if (given is null)
        {
            return DefaultTimeToLive;
        }

        var isAllowed = given.Seconds >= 1 && given.Seconds <= LongestTimeToLive.TotalSeconds && given.Nanos is >= 0 and < 1_000_000_000;
        violations.Check(isAllowed, "time_to_live", "must be from 1 second to 10 years, or absent for 30 days.");
        return isAllowed ? given.ToTimeSpan() : DefaultTimeToLive;
    }

    private static Guid ReadId(string id, string field)
    {
        var violations = new Violations();
        var read = ReadId(id, field, violations);
        violations.ThrowIfAny();
        return read;
    }

    /// <summary>The id of a session.</summary>
    public static Guid ReadId(string id, string field, Violations violations)
    {
        violations.Check(Guid.TryParse(id, out var read), field, id.Length == 0 ? "is missing: the id of a session." : $"{Quoted.Of(id)} is not an id: a UUID.");
        return read;
    }
}
