using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.ServiceDefaults.Callers;
using CoordinationClient = Minion.Contracts.Orchestration.V1.CoordinationService.CoordinationServiceClient;

namespace Minion.Orchestration.Tests.Coordination;

public sealed class CoordinationServiceTests(EngineDatabase fixture) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private static readonly Duration Minute = Duration.FromTimeSpan(TimeSpan.FromMinutes(1));
    private readonly string _name = $"n{Guid.CreateVersion7():N}";
    private EngineHost _host = null!;
    private CoordinationClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await EngineHost.StartAsync(fixture.Database);
        _client = new CoordinationClient(_host.Channel);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Permits_are_given_in_the_order_in_which_they_were_asked_for()
    {
        (await AcquireAsync("a", permits: 2)).Acquired.ShouldBeTrue();
        (await AcquireAsync("b")).Acquired.ShouldBeTrue();
        foreach (var (holder, ahead) in new[] { ("c", 0), ("d", 1), ("e", 2), ("c", 0) })
        {
            var waiting = await AcquireAsync(holder);
            waiting.Acquired.ShouldBeFalse();
            waiting.Ahead.ShouldBe(ahead);
        }

        await _client.ReleaseSemaphoreAsync(new ReleaseSemaphoreRequest { Name = _name, Holder = "a" });

        var semaphore = (await _client.GetSemaphoreAsync(new GetSemaphoreRequest { Name = _name })).Semaphore;
        semaphore.Permits.ShouldBe(2);
        semaphore.Holders.Select(h => h.Holder).ShouldBe(["b", "c"]);
        semaphore.Waiting.Select(h => h.Holder).ShouldBe(["d", "e"]);
        (await AcquireAsync("a")).Acquired.ShouldBeFalse("it stands at the end of the line");
        (await AcquireAsync("c")).Acquired.ShouldBeTrue();
    }

    [Fact]
    public async Task The_permit_of_a_holder_that_died_goes_to_the_next_with_a_higher_fence()
    {
        var first = await AcquireAsync("a");
        (await AcquireAsync("b")).Acquired.ShouldBeFalse();
        await LapseAsync("a");

        var second = await AcquireAsync("b", wait: 30);

        second.Acquired.ShouldBeTrue();
        second.Fence.ShouldBeGreaterThan(first.Fence);
        (await ReasonAsync(_client.RenewSemaphoreAsync(new RenewSemaphoreRequest { Name = _name, Holder = "a", Fence = first.Fence }))).ShouldBe("LEASE_LOST");
        (await _client.ReleaseSemaphoreAsync(new ReleaseSemaphoreRequest { Name = _name, Holder = "a", Fence = first.Fence })).Released.ShouldBeFalse();
        (await _client.RenewSemaphoreAsync(new RenewSemaphoreRequest { Name = _name, Holder = "b", Fence = second.Fence, Lease = Minute })).ExpiresAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_waits_is_woken_by_a_release_at_another_process_and_who_died_in_the_line_is_passed_over()
    {
        await using var other = await EngineHost.StartAsync(fixture.Database);
        var holder = await AcquireAsync("a");
        (await AcquireAsync("gone")).Acquired.ShouldBeFalse();
        await LapseAsync("gone");
        var waiting = new CoordinationClient(other.Channel).AcquireSemaphoreAsync(
            new AcquireSemaphoreRequest { Name = _name, Holder = "b", Wait = Minute }).ResponseAsync;
        await Eventually.HoldsAsync(
            async () => (await _client.GetSemaphoreAsync(new GetSemaphoreRequest { Name = _name })).Semaphore.Waiting.Any(w => w.Holder == "b"), "b to wait");

        await _client.ReleaseSemaphoreAsync(new ReleaseSemaphoreRequest { Name = _name, Holder = "a", Fence = holder.Fence });

        (await waiting).Acquired.ShouldBeTrue();
        (await ReasonAsync(_client.DeleteSemaphoreAsync(new DeleteSemaphoreRequest { Name = _name }))).ShouldBe("SEMAPHORE_IN_USE");
    }

    [Fact]
    public async Task Never_more_hold_it_than_there_are_permits()
    {
        var (holding, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 10; round++)
            {
                var acquired = await AcquireAsync($"h{i}", permits: 3, wait: 60);
                acquired.Acquired.ShouldBeTrue();
                var now = Interlocked.Increment(ref holding);
                InterlockedMax(ref most, now);
                Interlocked.Decrement(ref holding);
                await _client.ReleaseSemaphoreAsync(new ReleaseSemaphoreRequest { Name = _name, Holder = $"h{i}", Fence = acquired.Fence });
            }
        })));

        most.ShouldBeInRange(1, 3);
        await _client.DeleteSemaphoreAsync(new DeleteSemaphoreRequest { Name = _name });
    }

    [Fact]
    public async Task A_barrier_opens_when_all_have_come_and_closes_again()
    {
        var waiting = ArriveAsync("a", wait: 60).ResponseAsync;
        await Eventually.HoldsAsync(async () => (await _client.ListBarriersAsync(new ListBarriersRequest())).Barriers.Any(b => b.Name == _name && b.Arrived.Count == 1), "a to arrive");
        (await ArriveAsync("b")).Open.ShouldBeFalse();
        (await ArriveAsync("b")).Arrived.ShouldBe(2, "it counts once");

        var last = await ArriveAsync("c");

        (last.Open, last.Generation).ShouldBe((true, 1));
        (await waiting).Open.ShouldBeTrue();
        (await ArriveAsync("a")).ShouldSatisfyAllConditions(again => again.Open.ShouldBeFalse(), again => again.Generation.ShouldBe(2));
        (await ReasonAsync(_client.ArriveAtBarrierAsync(new ArriveAtBarrierRequest { Name = _name, Parties = 4, Party = "x" }))).ShouldBe("BARRIER_OF_OTHER_SIZE");
    }

    [Fact]
    public async Task A_party_that_crashed_after_its_arrival_learns_that_it_has_opened_since()
    {
        (await ArriveAsync("a", key: "1")).Open.ShouldBeFalse();
        await ArriveAsync("b", key: "1");
        await ArriveAsync("c", key: "1");

        var again = await ArriveAsync("a", key: "1");

        (again.Open, again.Generation, again.Arrived).ShouldBe((true, 1, 3));
        (await ArriveAsync("a", key: "2")).Generation.ShouldBe(2);
        await _client.DeleteBarrierAsync(new DeleteBarrierRequest { Name = _name });
    }

    [Fact]
    public async Task Items_are_taken_in_order_and_come_back_when_their_taker_died()
    {
        foreach (var n in new[] { "1", "2", "3" })
        {
            await PushAsync(n);
        }

        var first = (await TakeAsync("a", 2)).Items;
        first.Select(i => i.Payload).ShouldBe(["1", "2"]);
        (await TakeAsync("b", 2)).Items.Select(i => i.Payload).ShouldBe(["3"]);
        (await TakeAsync("c", 2)).Items.ShouldBeEmpty();
        await _host.ExecuteAsync("UPDATE orchestration.queue_items SET leased_until = now() WHERE id = $1", Guid.Parse(first[0].Id));
        var again = (await TakeAsync("c", 2)).Items.ShouldHaveSingleItem();

        (again.Payload, again.Attempt).ShouldBe(("1", 2));
        again.Fence.ShouldBeGreaterThan(first[0].Fence);
        (await ReasonAsync(CompleteAsync(first[0]))).ShouldBe("LEASE_LOST");
        await CompleteAsync(again);
        await _client.ReturnQueueItemAsync(new ReturnQueueItemRequest { Queue = _name, Id = first[1].Id, Fence = first[1].Fence });
        (await ReasonAsync(CompleteAsync(first[1]))).ShouldBe("LEASE_LOST", "it was given back");
        (await TakeAsync("d", 5)).Items.ShouldHaveSingleItem().Payload.ShouldBe("2");
        var queue = (await _client.ListQueuesAsync(new ListQueuesRequest())).Queues.Single(q => q.Name == _name);
        (queue.Items, queue.Leased).ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_key_is_in_a_queue_once_and_who_waits_is_woken()
    {
        var waiting = _client.TakeFromQueueAsync(new TakeFromQueueRequest { Queue = _name, Holder = "a", Wait = Minute, Lease = Minute }).ResponseAsync;
        var first = await PushAsync("1", "k");
        var again = await PushAsync("1", "k");

        (again.Id, again.Existed).ShouldBe((first.Id, true));
        var item = (await waiting).Items.ShouldHaveSingleItem();
        item.Id.ShouldBe(first.Id);
        (await _client.RenewQueueItemAsync(new RenewQueueItemRequest { Queue = _name, Id = item.Id, Fence = item.Fence, Lease = Minute })).LeasedUntil.ShouldNotBeNull();
        (await _client.ListQueueItemsAsync(new ListQueueItemsRequest { Queue = _name })).Items.ShouldHaveSingleItem().Holder.ShouldBe("a");
        await _client.DeleteQueueAsync(new DeleteQueueRequest { Queue = _name });
        (await ReasonAsync(CompleteAsync(item))).ShouldBe("LEASE_LOST");
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_and_tenants_are_apart()
    {
        var error = await Should.ThrowAsync<RpcException>(async () => await _client.AcquireSemaphoreAsync(
            new AcquireSemaphoreRequest { Name = "a b", Permits = -1, Lease = new Duration(), Wait = Duration.FromTimeSpan(TimeSpan.FromHours(1)) }));
        FaultDetails.From(error).Fields.Select(f => f.Field).Order().ShouldBe(["holder", "lease", "name", "permits", "wait"]);
        await AcquireAsync("a");
        var headers = _host.Services.GetRequiredService<CallerSigner>().Headers(new Caller("other", "user:eve", ["*"]), "orchestration");
        (await ReasonAsync(_client.GetSemaphoreAsync(new GetSemaphoreRequest { Name = _name }, headers))).ShouldBe("SEMAPHORE_NOT_FOUND");
        (await _client.AcquireSemaphoreAsync(new AcquireSemaphoreRequest { Name = _name, Holder = "a" }, headers)).Acquired.ShouldBeTrue();
    }

    private Task LapseAsync(string holder) => _host.ExecuteAsync(
        "UPDATE orchestration.semaphore_places SET expires_at = now() WHERE name = $1 AND holder = $2", _name, holder);

    private AsyncUnaryCall<AcquireSemaphoreResponse> AcquireAsync(string holder, int permits = 0, int wait = 0) => _client.AcquireSemaphoreAsync(
        new AcquireSemaphoreRequest { Name = _name, Permits = permits, Holder = holder, Lease = Minute, Wait = Duration.FromTimeSpan(TimeSpan.FromSeconds(wait)) });

    private AsyncUnaryCall<ArriveAtBarrierResponse> ArriveAsync(string party, string key = "", int wait = 0) => _client.ArriveAtBarrierAsync(
        new ArriveAtBarrierRequest { Name = _name, Parties = 3, Party = party, Key = key, Wait = Duration.FromTimeSpan(TimeSpan.FromSeconds(wait)) });

    private AsyncUnaryCall<PushToQueueResponse> PushAsync(string payload, string key = "") =>
        _client.PushToQueueAsync(new PushToQueueRequest { Queue = _name, Payload = payload, Key = key });

    private AsyncUnaryCall<TakeFromQueueResponse> TakeAsync(string holder, int limit) =>
        _client.TakeFromQueueAsync(new TakeFromQueueRequest { Queue = _name, Holder = holder, Limit = limit, Lease = Minute });

    private AsyncUnaryCall<CompleteQueueItemResponse> CompleteAsync(QueueItem item) =>
        _client.CompleteQueueItemAsync(new CompleteQueueItemRequest { Queue = _name, Id = item.Id, Fence = item.Fence });

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
            // Somebody else wrote meanwhile.
        }
    }

    private static async Task<string> ReasonAsync<T>(AsyncUnaryCall<T> call) => FaultDetails.From(await Should.ThrowAsync<RpcException>(async () => await call)).Reason;
}
