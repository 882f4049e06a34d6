using System.Globalization;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Paging;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Sessions;

/// <summary>What of a session runs are given: pins and summaries.</summary>
internal sealed partial class SessionService
{
    private const string SummaryList = "summaries";

    public override async Task<PinMessageResponse> PinMessage(PinMessageRequest request, ServerCallContext context)
    {
        var id = ReadMessageId(request.SessionId, request.Seq);
        return new PinMessageResponse { Message = (await pins.PinAsync(context.GetCaller().Tenant, id, request.Seq, context.CancellationToken)).ToMessage() };
    }

    public override async Task<UnpinMessageResponse> UnpinMessage(UnpinMessageRequest request, ServerCallContext context)
    {
        var id = ReadMessageId(request.SessionId, request.Seq);
        return new UnpinMessageResponse { Message = (await pins.UnpinAsync(context.GetCaller().Tenant, id, request.Seq, context.CancellationToken)).ToMessage() };
    }

    public override async Task<ListSummariesResponse> ListSummaries(ListSummariesRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var id = ReadId(request.SessionId, "session_id", violations);
        var size = PageSize.Read(request.PageSize, violations);
        var key = PageToken.Read(SummaryList, request.PageToken, violations);
        var before = int.MaxValue;
        violations.Check(
            key.Length == 0 || int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out before), "page_token",
            "is not the next_page_token of an earlier answer of this list.");
        violations.ThrowIfAny();

        var tenant = context.GetCaller().Tenant;
        _ = await sessions.FindAsync(tenant, id, context.CancellationToken) ?? throw SessionFaults.NotFound(id);
        var found = await summaries.ListAsync(tenant, id, key.Length == 0 ? int.MaxValue : before, size + 1, context.CancellationToken);
        return new ListSummariesResponse
        {
            Summaries = { found.Take(size).Select(s => s.ToProto()) },
            NextPageToken = found.Count > size ? PageToken.Make(SummaryList, found[size - 1].Id.ToString(CultureInfo.InvariantCulture)) : "",
        };
    }

    public override async Task<UndoSummaryResponse> UndoSummary(UndoSummaryRequest request, ServerCallContext context)
    {
        var id = ReadId(request.SessionId, "session_id");
        var caller = context.GetCaller();
        _ = await sessions.FindAsync(caller.Tenant, id, context.CancellationToken) ?? throw SessionFaults.NotFound(id);
        var undone = await summaries.UndoAsync(caller.Tenant, id, caller.Principal, context.CancellationToken);
        return new UndoSummaryResponse { Summary = undone?.ToProto() };
    }

    private static Guid ReadMessageId(string session, long seq)
    {
        var violations = new Violations();
        var id = ReadId(session, "session_id", violations);
        violations.Check(seq >= 1, "seq", "must be 1 or more: the number of a message.");
        violations.ThrowIfAny();
        return id;
    }
}
