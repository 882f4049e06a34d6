using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Paging;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Inbox;

/// <summary>The inbox over gRPC.</summary>
internal sealed class InboxService(InboxStore inbox, InboxAnswers answers) : Contracts.Orchestration.V1.InboxService.InboxServiceBase
{
    private const string List = "inbox";

    public override async Task<ListItemsResponse> ListItems(ListItemsRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        var v = new Violations();
        var size = PageSize.Read(request.PageSize, v);
        var key = PageToken.Read(List, request.PageToken, v);
        v.Check(key.Length == 0 || Guid.TryParse(key, out _), "page_token", "is not the next_page_token of an earlier answer of this list.");
        v.Check(Enum.IsDefined(request.Status), "status", "is not a status of an item.");
        v.Check(Enum.IsDefined(request.Kind), "kind", "is not a kind of item.");
        v.Check(request.RunId.Length == 0 || Guid.TryParse(request.RunId, out _), "run_id", "is not a run's id (a UUID).");
        v.Check(!request.Tree || request.RunId.Length > 0, "tree", "needs a run_id.");
        v.Check(!request.Mine || request.Assignee.Length == 0 || request.Assignee == caller.Principal, "mine", "and assignee are two different people.");
        v.Check(!request.Assignee.Contains('\0') && !request.Agent.Contains('\0'), "assignee", "and agent have no control characters.");
        v.ThrowIfAny();

        var filter = new InboxFilter(
            request.Status.ToText(),
            request.Kind.ToText(),
            request.Mine ? caller.Principal : request.Assignee,
            request.RunId.Length == 0 ? null : Guid.Parse(request.RunId),
            request.Agent)
        { Tree = request.Tree };
        var after = key.Length == 0 ? Guid.Empty : Guid.Parse(key);
        var found = await inbox.ListAsync(caller.Tenant, filter, after, size + 1, context.CancellationToken);
        var response = new ListItemsResponse { NextPageToken = found.Count > size ? PageToken.Make(List, found[size - 1].Id.ToString()) : "" };
        response.Items.AddRange(found.Take(size).Select(i => i.Shortened().ToProto()));
        return response;
    }

    public override async Task<GetItemResponse> GetItem(GetItemRequest request, ServerCallContext context)
    {
        var v = new Violations();
        var id = InboxRequests.Id(request.Id, v);
        v.ThrowIfAny();
        return new GetItemResponse { Item = (await FindAsync(id, context)).ToProto() };
    }

    public override async Task<AnswerItemResponse> AnswerItem(AnswerItemRequest request, ServerCallContext context)
    {
        var id = InboxRequests.Check(request);
        var item = await FindAsync(id, context);
        var reply = new InboxReply(request.Choice, request.Text, request.Arguments);
        var (answered, repeated) = await answers.AnswerAsync(context.GetCaller(), item, reply, context.CancellationToken);
        return new AnswerItemResponse { Item = answered.ToProto(), Repeated = repeated };
    }

    public override async Task<DelegateItemResponse> DelegateItem(DelegateItemRequest request, ServerCallContext context)
    {
        var id = InboxRequests.Check(request);
        var caller = context.GetCaller();
        await FindAsync(id, context);
        var delegated = await inbox.DelegateAsync(caller.Tenant, id, request.To, request.Reason, caller.Principal, context.CancellationToken)
            ?? throw InboxFaults.Closed(await FindAsync(id, context));
        return new DelegateItemResponse { Item = delegated.ToProto() };
    }

    private async Task<InboxItem> FindAsync(Guid id, ServerCallContext context) =>
        await inbox.FindAsync(context.GetCaller().Tenant, id, context.CancellationToken) ?? throw InboxFaults.NotFound(id.ToString());
}
