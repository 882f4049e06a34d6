using Microsoft.Extensions.AI;
using Minion.Models.Cache;
using Minion.Models.Money;
using Minion.Models.Pipeline;
using Minion.Models.Tests.Money;

namespace Minion.Models.Tests.Cache;

public sealed class FlightTests : CacheFixture
{
    [Fact]
    public async Task A_hundred_equal_requests_in_flight_are_one_call_and_one_of_them_pays()
    {
        var cache = Cache();
        var requests = Enumerable.Range(0, 100).Select(i => Request(streamed: true)).ToList();
        var asking = requests.Select(r => Task.Run(() => AskAsync(cache, r))).ToList();
        var call = await Upstream.NextAsync();
        call.Say("One ");
        call.Say("answer.");
        call.End();

        var answers = await Task.WhenAll(asking);

        Upstream.Calls.ShouldBe(1);
        answers.ShouldAllBe(a => a.Text == "One answer.");
        requests.Count(r => r.Report.Attempts.Count == 1).ShouldBe(1);
        requests.Count(r => r.Report.CacheHit is not null).ShouldBe(99);
        answers.Sum(a => a.Usage!.OutputTokenCount!.Value).ShouldBe(3);
    }

    [Fact]
    public async Task Followers_get_the_parts_as_they_come()
    {
        var cache = Cache();
        await using var first = Read(cache, Request());
        await using var second = Read(cache, Request());
        var (one, two) = (first.MoveNextAsync(), second.MoveNextAsync());
        var call = await Upstream.NextAsync();

        call.Say("early");
        (await one).ShouldBeTrue();
        (await two).ShouldBeTrue();
        second.Current.Text.ShouldBe("early");

        await using var late = Read(cache, Request());
        (await late.MoveNextAsync()).ShouldBeTrue();
        late.Current.Text.ShouldBe("early");
        var next = late.MoveNextAsync();
        next.IsCompleted.ShouldBeFalse();
        call.End();
        (await next).ShouldBeTrue();
    }

    [Fact]
    public async Task The_call_goes_on_without_the_one_who_began_it_and_another_pays()
    {
        var cache = Cache();
        using var leave = new CancellationTokenSource();
        var (leading, following) = (Request(), Request());
        var leader = AskAsync(cache, leading, leave.Token);
        var call = await Upstream.NextAsync();
        var follower = AskAsync(cache, following);

        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leader);
        call.Cancellation.IsCancellationRequested.ShouldBeFalse();
        call.Say("Still here.");
        call.End();

        (await follower).Text.ShouldBe("Still here.");
        (await follower).Usage!.OutputTokenCount.ShouldBe(3);
        leading.Report.Attempts.ShouldBeEmpty();
        following.Report.Attempts.ShouldHaveSingleItem().Cancelled.ShouldBeFalse();
        Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task When_nobody_reads_any_more_the_call_is_cancelled_and_the_last_one_answers_for_it()
    {
        var cache = Cache();
        using var leave = new CancellationTokenSource();
        var requests = new[] { Request(), Request() };
        var asking = requests.Select(r => cache.InvokeAsync(r, Upstream.InvokeAsync, leave.Token).ToListAsync(leave.Token).AsTask()).ToList();
        var call = await Upstream.NextAsync();

        await leave.CancelAsync();
        foreach (var task in asking)
        {
            await Should.ThrowAsync<OperationCanceledException>(() => task.WaitAsync(Eventually.Patience));
        }

        call.Cancellation.IsCancellationRequested.ShouldBeTrue();
        requests.SelectMany(r => r.Report.Attempts).ShouldHaveSingleItem().Cancelled.ShouldBeTrue();

        Upstream.Answer = _ => "Anew.";
        (await AskAsync(cache, Request())).Text.ShouldBe("Anew.");
    }

    [Fact]
    public async Task A_failure_is_shared_once_and_the_next_request_is_a_new_call()
    {
        var cache = Cache();
        var asking = Enumerable.Range(0, 20).Select(_ => AskAsync(cache, Request())).ToList();
        (await Upstream.NextAsync()).Fail(new ModelException(ModelErrorKind.Unavailable, "Gone.", "Wait.", TimeSpan.FromSeconds(7)));

        var errors = new List<ModelException>();
        foreach (var task in asking)
        {
            errors.Add(await Should.ThrowAsync<ModelException>(() => task));
        }

        errors.ShouldAllBe(e => e.Kind == ModelErrorKind.Unavailable && e.RetryAfter == TimeSpan.FromSeconds(7));
        errors.Distinct().Count().ShouldBe(20);
        Upstream.Calls.ShouldBe(1);
        Upstream.Answer = _ => "Back.";
        (await AskAsync(cache, Request())).Text.ShouldBe("Back.");
        Upstream.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Each_caller_waits_no_longer_than_his_own_deadline()
    {
        var cache = Cache();
        var hasty = AskAsync(cache, Request(call: By() with { Deadline = Time.GetUtcNow().AddSeconds(5) }));
        var call = await Upstream.NextAsync();
        var patient = AskAsync(cache, Request(call: By() with { Deadline = Time.GetUtcNow().AddSeconds(50) }));

        Time.Advance(TimeSpan.FromSeconds(6));
        (await Should.ThrowAsync<ModelException>(() => hasty)).Kind.ShouldBe(ModelErrorKind.TimedOut);
        call.Say("In time.");
        call.End();

        (await patient).Text.ShouldBe("In time.");
        Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task The_call_waits_for_its_readers()
    {
        var cache = Cache();
        await using var reader = Read(cache, Request());
        var first = reader.MoveNextAsync();
        var call = await Upstream.NextAsync();
        for (var i = 0; i < 10 * Flight.MostAhead; i++)
        {
            call.Say($"{i} ");
        }

        await first;
        await Eventually.BecomesAsync(() => call.Parts.Reader.Count, left => left <= (9 * Flight.MostAhead) - 2, "the reader to be ahead by as much as it may");

        call.Parts.Reader.Count.ShouldBeInRange((9 * Flight.MostAhead) - 4, 9 * Flight.MostAhead);
    }

    [Fact]
    public async Task What_one_reader_does_to_a_part_is_not_seen_by_another()
    {
        var cache = Cache();
        await using var first = Read(cache, Request());
        await using var second = Read(cache, Request());
        var (one, two) = (first.MoveNextAsync(), second.MoveNextAsync());
        (await Upstream.NextAsync()).Say("x");
        await one;
        (first.Current.AdditionalProperties ??= [])["mine"] = true;
        first.Current.Contents.Clear();

        await two;
        second.Current.AdditionalProperties.ShouldBeNull();
        second.Current.Text.ShouldBe("x");
    }

    [Fact]
    public async Task Answers_are_never_mixed_up_under_load()
    {
        Upstream.Answer = r => $"{r.Call.Caller.Tenant}:{r.Messages[^1].Text}";
        var cache = Cache();
        await Parallel.ForEachAsync(Enumerable.Range(0, 5_000), async (i, token) =>
        {
            var (tenant, question) = ($"t{i % 7}", $"question {i % 31}");
            (await AskAsync(cache, Request(question, call: By(tenant)), token)).Text.ShouldBe($"{tenant}:{question}");
        });

        Upstream.Calls.ShouldBe(7 * 31);
    }

    [Fact]
    public void Everything_that_a_report_says_is_adopted()
    {
        var from = new CallReport { Route = new RouteReport { Requested = "auto" }, CacheHit = new CacheHit(CacheHitKind.Exact, 1, default, false, 1, 2, 3), CostUsd = 1, Reservation = new Reservation(MoneyHost.Call("t"), Model(), [], TimeProvider.System) };
        from.Add(new Attempt(Model(), default, default, null, new UsageDetails(), false, null, null, false));
        var to = new CallReport();

        to.Adopt(from);

        foreach (var property in typeof(CallReport).GetProperties())
        {
            property.GetValue(from).ShouldNotBeNull($"'{property.Name}' is new: set it here, and take it over in Adopt.");
            property.GetValue(to).ShouldBe(property.GetValue(from));
        }
    }

    private IAsyncEnumerator<ChatResponseUpdate> Read(ResponseCache cache, ChatRequest request) =>
        cache.InvokeAsync(request, Upstream.InvokeAsync, CancellationToken.None).GetAsyncEnumerator();
}
