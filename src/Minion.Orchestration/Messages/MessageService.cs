using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Paging;
using Minion.Orchestration.Schedules;
using Minion.ServiceDefaults.Callers;
using Minion.Yaml;

namespace Minion.Orchestration.Messages;

/// <summary>Messages over gRPC.</summary>
internal sealed class MessageService(
    Messenger messenger, Mailboxes mailboxes, SubscriptionStore subscriptions, DeadLetterStore deadLetters, AgentStore agents, MessageWakeUps wakeUps)
    : Contracts.Orchestration.V1.MessageService.MessageServiceBase
{
    private const string List = "deadletters";
    private const int LongestInput = 100_000;

    public override async Task<SendResponse> Send(SendRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        var message = MessageRequests.Check(request, caller.Principal);
        if (request.FromAgent.Length > 0)
        {
            _ = await agents.FindVersionAsync(caller.Tenant, request.FromAgent, 0, context.CancellationToken) ?? throw AgentFaults.NotFound(request.FromAgent);
        }

        var sent = await messenger.SendAsync(caller.Tenant, message, context.CancellationToken);
        return new SendResponse { Message = sent.Message.ToProto(), Receivers = sent.Count, Existed = sent.Existed };
    }

    public override async Task<ReceiveResponse> Receive(ReceiveRequest request, ServerCallContext context)
    {
        var (receiver, limit, lease, wait) = MessageRequests.Check(request);
        var tenant = context.GetCaller().Tenant;
        var mailbox = receiver.ToString();
        var found = await wakeUps.UntilAsync(
            tenant,
            mailbox,
            wait,
            async () => await mailboxes.ReceiveAsync(tenant, mailbox, limit, lease, context.CancellationToken) is { Count: > 0 } some ? some : null,
            context.CancellationToken);
        return new ReceiveResponse { Deliveries = { (found ?? []).Select(d => d.ToProto()) } };
    }

    public override async Task<AcknowledgeResponse> Acknowledge(AcknowledgeRequest request, ServerCallContext context)
    {
        var (delivery, lease) = MessageRequests.Check(request.DeliveryId, request.LeaseId);
        var tenant = context.GetCaller().Tenant;
        Wake(tenant, await mailboxes.AcknowledgeAsync(tenant, delivery, lease, context.CancellationToken));
        return new AcknowledgeResponse();
    }

    public override async Task<RejectResponse> Reject(RejectRequest request, ServerCallContext context)
    {
        var (delivery, lease) = MessageRequests.Check(request.DeliveryId, request.LeaseId, request.Reason);
        var tenant = context.GetCaller().Tenant;
        Wake(tenant, await mailboxes.RejectAsync(tenant, delivery, lease, request.Dead, request.Reason, context.CancellationToken));
        return new RejectResponse();
    }

    public override async Task<ExtendLeaseResponse> ExtendLease(ExtendLeaseRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var lease = MessageRequests.Lease(request.Lease, violations);
        violations.ThrowIfAny();
        var (delivery, leaseId) = MessageRequests.Check(request.DeliveryId, request.LeaseId);
        var until = await mailboxes.ExtendAsync(context.GetCaller().Tenant, delivery, leaseId, lease, context.CancellationToken);
        return new ExtendLeaseResponse { LeasedUntil = Timestamp.FromDateTimeOffset(until) };
    }

    public override async Task<SubscribeResponse> Subscribe(SubscribeRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var subscriber = MessageRequests.Receiver(request.Subscriber, "subscriber", violations);
        CheckTopic(request.Topic, violations);
        violations.Check(!request.StartsRun || subscriber is null or { Kind: AddressKind.Agent }, "starts_run", "is for an agent; runs and sessions receive by themselves.");
        violations.Check(request.StartsRun || request.Topic.Length > 0, "topic", "is missing: without one, only starts_run can be set for what is sent to the agent itself.");
        violations.Check(request.StartsRun || request.Input.Length == 0, "input", "is for starts_run only.");
        TextRules.CheckText(request.Input, LongestInput, "input", violations);
        foreach (var name in InputTemplate.Unknown(request.Input, StartInput.Names).Take(5))
        {
            violations.Add("input", $"refers to {{{{{Quoted.Cut(name, 40)}}}}}; there are {string.Join(", ", StartInput.Names.Select(n => $"{{{{{n}}}}}"))}.");
        }

        violations.ThrowIfAny();
        var subscription = await subscriptions.SubscribeAsync(context.GetCaller(), request, subscriber!.Value, context.CancellationToken);
        return new SubscribeResponse { Subscription = subscription };
    }

    public override async Task<UnsubscribeResponse> Unsubscribe(UnsubscribeRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var subscriber = MessageRequests.Receiver(request.Subscriber, "subscriber", violations);
        CheckTopic(request.Topic, violations);
        violations.ThrowIfAny();
        await subscriptions.UnsubscribeAsync(context.GetCaller().Tenant, request.Topic, subscriber!.Value.ToString(), context.CancellationToken);
        return new UnsubscribeResponse();
    }

    public override async Task<ListSubscriptionsResponse> ListSubscriptions(ListSubscriptionsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        CheckTopic(request.Topic, violations);
        var subscriber = request.Subscriber.Length == 0 ? "" : MessageRequests.Receiver(request.Subscriber, "subscriber", violations)?.ToString() ?? "";
        violations.ThrowIfAny();
        return new ListSubscriptionsResponse
        {
            Subscriptions = { await subscriptions.ListAsync(context.GetCaller().Tenant, request.Topic, subscriber, context.CancellationToken) },
        };
    }

    public override async Task<ListDeadLettersResponse> ListDeadLetters(ListDeadLettersRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var size = PageSize.Read(request.PageSize, violations);
        var key = PageToken.Read(List, request.PageToken, violations);
        violations.Check(key.Length == 0 || Guid.TryParse(key, out _), "page_token", "is not the next_page_token of an earlier answer of this list.");
        var starts = request.Receiver.StartsWith(Address.Starts, StringComparison.Ordinal) && TextRules.IsName(request.Receiver[Address.Starts.Length..]);
        var receiver = request.Receiver.Length == 0 || starts ? request.Receiver : MessageRequests.Address(request.Receiver, "receiver", violations)?.ToString() ?? "";
        violations.ThrowIfAny();
        var before = key.Length == 0 ? Guid.AllBitsSet : Guid.Parse(key);
        var found = await deadLetters.ListAsync(context.GetCaller().Tenant, receiver, before, size + 1, context.CancellationToken);
        return new ListDeadLettersResponse
        {
            DeadLetters = { found.Take(size) },
            NextPageToken = found.Count > size ? PageToken.Make(List, found[size - 1].Id) : "",
        };
    }

    public override async Task<GetDeadLetterResponse> GetDeadLetter(GetDeadLetterRequest request, ServerCallContext context)
    {
        var id = MessageRequests.DeadLetterId(request.Id);
        return new GetDeadLetterResponse
        {
            DeadLetter = await deadLetters.FindAsync(context.GetCaller().Tenant, id, context.CancellationToken) ?? throw MessageFaults.NoDeadLetter(id),
        };
    }

    public override async Task<ReplayDeadLetterResponse> ReplayDeadLetter(ReplayDeadLetterRequest request, ServerCallContext context)
    {
        var id = MessageRequests.DeadLetterId(request.Id);
        var tenant = context.GetCaller().Tenant;
        var to = await deadLetters.ReplayAsync(tenant, id, context.CancellationToken);
        foreach (var mailbox in to)
        {
            wakeUps.Wake(tenant, mailbox);
        }

        return new ReplayDeadLetterResponse { Receivers = to.Count };
    }

    public override async Task<DeleteDeadLetterResponse> DeleteDeadLetter(DeleteDeadLetterRequest request, ServerCallContext context)
    {
        var id = MessageRequests.DeadLetterId(request.Id);
        return await deadLetters.DeleteAsync(context.GetCaller().Tenant, id, context.CancellationToken)
            ? new DeleteDeadLetterResponse()
            : throw MessageFaults.NoDeadLetter(id);
    }

    private void Wake(string tenant, string? mailbox)
    {
        if (mailbox is not null)
        {
            wakeUps.Wake(tenant, mailbox);
        }
    }

    private static void CheckTopic(string topic, Violations violations) => violations.Check(
        topic.Length == 0 || Address.IsTopic(topic), "topic", $"{Quoted.Of(topic)} is not a topic: {Address.TopicForm}.");
}
