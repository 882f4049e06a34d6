using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Messages;
using Minion.Orchestration.Runs;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Coordination;

/// <summary>Semaphores, barriers and queues over gRPC.</summary>
internal sealed class CoordinationService(SemaphoreStore semaphores, BarrierStore barriers, QueueStore queues, MessageWakeUps wakeUps)
    : Contracts.Orchestration.V1.CoordinationService.CoordinationServiceBase
{
    private const int MostItems = 200;

    public override async Task<AcquireSemaphoreResponse> AcquireSemaphore(AcquireSemaphoreRequest request, ServerCallContext context)
    {
        var v = new Violations();
        CoordinationRequests.Name(request.Name, "name", v);
        v.Check(request.Permits is >= 0 and <= CoordinationRequests.Most, "permits", "must be from 1 to 10,000, or 0 for what it has.");
        CoordinationRequests.Holder(request.Holder, "holder", v);
        var lease = CoordinationRequests.Lease(request.Lease, v);
        var wait = MessageRequests.Wait(request.Wait, v);
        v.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        Place? last = null;
        await wakeUps.UntilAsync(
            tenant,
            $"semaphore:{request.Name}",
            wait,
            async () =>
            {
                last = await semaphores.AcquireAsync(tenant, request.Name, request.Permits, request.Holder, lease, context.CancellationToken);
                return last.Fence > 0 ? last : null;
            },
            context.CancellationToken);
        return new AcquireSemaphoreResponse
        {
            Acquired = last!.Fence > 0,
            Fence = last.Fence,
            ExpiresAt = Timestamp.FromDateTimeOffset(last.ExpiresAt),
            Ahead = last.Fence > 0 ? 0 : last.Ahead,
        };
    }

    public override async Task<RenewSemaphoreResponse> RenewSemaphore(RenewSemaphoreRequest request, ServerCallContext context)
    {
        var v = new Violations();
        CoordinationRequests.Name(request.Name, "name", v);
        CoordinationRequests.Holder(request.Holder, "holder", v);
        var lease = CoordinationRequests.Lease(request.Lease, v);
        v.ThrowIfAny();
        var until = await semaphores.RenewAsync(context.GetCaller().Tenant, request.Name, request.Holder, request.Fence, lease, context.CancellationToken)
            ?? throw CoordinationFaults.NotHeld(request.Name, request.Holder);
        return new RenewSemaphoreResponse { ExpiresAt = Timestamp.FromDateTimeOffset(until) };
    }

    public override async Task<ReleaseSemaphoreResponse> ReleaseSemaphore(ReleaseSemaphoreRequest request, ServerCallContext context)
    {
        var v = new Violations();
        CoordinationRequests.Name(request.Name, "name", v);
        CoordinationRequests.Holder(request.Holder, "holder", v);
        v.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        var released = await semaphores.ReleaseAsync(tenant, request.Name, request.Holder, request.Fence, context.CancellationToken);
        wakeUps.Wake(tenant, $"semaphore:{request.Name}");
        return new ReleaseSemaphoreResponse { Released = released };
    }

    public override async Task<GetSemaphoreResponse> GetSemaphore(GetSemaphoreRequest request, ServerCallContext context)
    {
        CoordinationRequests.Name(request.Name);
        var found = await semaphores.ListAsync(context.GetCaller().Tenant, request.Name, context.CancellationToken);
        return new GetSemaphoreResponse { Semaphore = found is [var one] ? one : throw CoordinationFaults.NoSemaphore(request.Name) };
    }

    public override async Task<ListSemaphoresResponse> ListSemaphores(ListSemaphoresRequest request, ServerCallContext context) =>
        new() { Semaphores = { await semaphores.ListAsync(context.GetCaller().Tenant, "", context.CancellationToken) } };

    public override async Task<DeleteSemaphoreResponse> DeleteSemaphore(DeleteSemaphoreRequest request, ServerCallContext context)
    {
        CoordinationRequests.Name(request.Name);
        return await semaphores.DeleteAsync(context.GetCaller().Tenant, request.Name, context.CancellationToken) switch
        {
            null => throw CoordinationFaults.NoSemaphore(request.Name),
            false => throw CoordinationFaults.InUse(request.Name),
            _ => new DeleteSemaphoreResponse(),
        };
    }

    public override async Task<ArriveAtBarrierResponse> ArriveAtBarrier(ArriveAtBarrierRequest request, ServerCallContext context)
    {
        var v = new Violations();
        CoordinationRequests.Name(request.Name, "name", v);
        v.Check(request.Parties is >= 1 and <= CoordinationRequests.Most, "parties", "must be from 1 to 10,000.");
        CoordinationRequests.Holder(request.Party, "party", v);
        MessageRequests.Short(request.Key, "key", v);
        var wait = MessageRequests.Wait(request.Wait, v);
        v.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        var arrived = await barriers.ArriveAsync(tenant, request.Name, request.Parties, request.Party, request.Key, context.CancellationToken);
        var waits = $"barrier:{request.Name}";
        if (arrived.Open)
        {
            wakeUps.Wake(tenant, waits);
        }
        else if (wait > TimeSpan.Zero)
        {
            var opened = await wakeUps.UntilAsync(
                tenant,
                waits,
                wait,
                async () => await barriers.IsOpenAsync(tenant, request.Name, arrived.Generation, context.CancellationToken) ? arrived : null,
                context.CancellationToken);
            arrived.Open = opened is not null;
            arrived.Arrived = arrived.Open ? request.Parties : arrived.Arrived;
        }

        return arrived;
    }

    public override async Task<ListBarriersResponse> ListBarriers(ListBarriersRequest request, ServerCallContext context) =>
        new() { Barriers = { await barriers.ListAsync(context.GetCaller().Tenant, context.CancellationToken) } };

    public override async Task<DeleteBarrierResponse> DeleteBarrier(DeleteBarrierRequest request, ServerCallContext context)
    {
        CoordinationRequests.Name(request.Name);
        return await barriers.DeleteAsync(context.GetCaller().Tenant, request.Name, context.CancellationToken)
            ? new DeleteBarrierResponse()
            : throw CoordinationFaults.NoBarrier(request.Name);
    }

    public override async Task<PushToQueueResponse> PushToQueue(PushToQueueRequest request, ServerCallContext context)
    {
        var v = new Violations();
        CoordinationRequests.Name(request.Queue, "queue", v);
        var payload = MessageRequests.Json(request.Payload, "payload", v);
        MessageRequests.Short(request.Key, "key", v);
        v.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        var (id, existed) = await queues.PushAsync(tenant, request.Queue, payload, request.Key, context.CancellationToken);
        wakeUps.Wake(tenant, $"queue:{request.Queue}");
        return new PushToQueueResponse { Id = id.ToString(), Existed = existed };
    }

    public override async Task<TakeFromQueueResponse> TakeFromQueue(TakeFromQueueRequest request, ServerCallContext context)
    {
        var v = new Violations();
        CoordinationRequests.Name(request.Queue, "queue", v);
        CoordinationRequests.Holder(request.Holder, "holder", v);
        v.Check(request.Limit is >= 0 and <= 100, "limit", "must be from 1 to 100, or 0 for 1.");
        var lease = CoordinationRequests.Lease(request.Lease, v);
        var wait = MessageRequests.Wait(request.Wait, v);
        v.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        var limit = Math.Max(1, request.Limit);
        var taken = await wakeUps.UntilAsync(
            tenant,
            $"queue:{request.Queue}",
            wait,
            async () => await queues.TakeAsync(tenant, request.Queue, request.Holder, limit, lease, context.CancellationToken) is { Count: > 0 } some ? some : null,
            context.CancellationToken);
        return new TakeFromQueueResponse { Items = { taken ?? [] } };
    }

    public override async Task<CompleteQueueItemResponse> CompleteQueueItem(CompleteQueueItemRequest request, ServerCallContext context)
    {
        var id = ItemId(request.Queue, request.Id);
        return await queues.CompleteAsync(context.GetCaller().Tenant, request.Queue, id, request.Fence, context.CancellationToken)
            ? new CompleteQueueItemResponse()
            : throw CoordinationFaults.ItemLost(id);
    }

    public override async Task<ReturnQueueItemResponse> ReturnQueueItem(ReturnQueueItemRequest request, ServerCallContext context)
    {
        var id = ItemId(request.Queue, request.Id);
        var tenant = context.GetCaller().Tenant;
        if (!await queues.ReturnAsync(tenant, request.Queue, id, request.Fence, context.CancellationToken))
        {
            throw CoordinationFaults.ItemLost(id);
        }

        wakeUps.Wake(tenant, $"queue:{request.Queue}");
        return new ReturnQueueItemResponse();
    }

    public override async Task<RenewQueueItemResponse> RenewQueueItem(RenewQueueItemRequest request, ServerCallContext context)
    {
        var v = new Violations();
        var lease = CoordinationRequests.Lease(request.Lease, v);
        v.ThrowIfAny();
        var id = ItemId(request.Queue, request.Id);
        var until = await queues.RenewAsync(context.GetCaller().Tenant, request.Queue, id, request.Fence, lease, context.CancellationToken)
            ?? throw CoordinationFaults.ItemLost(id);
        return new RenewQueueItemResponse { LeasedUntil = Timestamp.FromDateTimeOffset(until) };
    }

    public override async Task<ListQueuesResponse> ListQueues(ListQueuesRequest request, ServerCallContext context) =>
        new() { Queues = { await queues.ListAsync(context.GetCaller().Tenant, context.CancellationToken) } };

    public override async Task<ListQueueItemsResponse> ListQueueItems(ListQueueItemsRequest request, ServerCallContext context)
    {
        CoordinationRequests.Name(request.Queue, "queue");
        return new ListQueueItemsResponse { Items = { await queues.ItemsAsync(context.GetCaller().Tenant, request.Queue, MostItems, context.CancellationToken) } };
    }

    public override async Task<DeleteQueueResponse> DeleteQueue(DeleteQueueRequest request, ServerCallContext context)
    {
        CoordinationRequests.Name(request.Queue, "queue");
        return await queues.DeleteAsync(context.GetCaller().Tenant, request.Queue, context.CancellationToken)
            ? new DeleteQueueResponse()
            : throw Fault.NotFound("queue", request.Queue, "A queue is there as long as it has items; 'minion queues' lists them.");
    }

    private static Guid ItemId(string queue, string id)
    {
        CoordinationRequests.Name(queue, "queue");
        return Guid.TryParse(id, out var read) ? read : throw RunRequests.Single("id", "is not an item's id (a UUID).");
    }
}
