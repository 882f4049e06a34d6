using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Watching;
using Minion.Orchestration.Tests.Hosting;
using Minion.ServiceDefaults.Redis;
using Minion.Testing.OpenAi;
using Minion.Testing.Redis;

namespace Minion.Orchestration.Tests.Runs.Watching;

/// <summary>Watching a run that another process executes.</summary>
public sealed class RemoteWatchingTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty";

    /// <summary>The first events of an answer, which no watcher is waited for: the role, and words.</summary>
    private const int Ahead = 3;

    private static FakeAnswer Answer => new() { Text = Words };

    private static string Script(int delay) => $$"""{"delay":"{{delay}}ms","rules":[],"otherwise":"{{Words}}"}""";

    [Fact]
    public async Task A_watcher_at_another_process_sees_the_answer_grow()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var executing = await StartAsync(redis);
        await using var other = await StartAsync(redis);
        // A word is said when the watcher has seen what was said before it.
        using var steps = new SemaphoreSlim(0);
        await using var model = await ModelAsync(i => i is > Ahead and <= Ahead + 10 ? steps.WaitAsync() : Task.CompletedTask);
        var run = await executing.StartAsync(await executing.PatientAgentAsync(model.Url), "hello");

        var seen = await Seen.WatchAsync(other, run.Id, _ => Task.FromResult(steps.Release()));

        seen.Text.ShouldBe(Words);
        seen.Deltas.ShouldBeGreaterThan(1);
        seen.Seqs.ShouldBe(Enumerable.Range(1, seen.Seqs.Count).Select(i => (long)i));
        seen.Last.ShouldBe(Entry.KindOneofCase.Completed);
    }

    [Fact]
    public async Task Those_who_join_in_the_middle_see_the_text_from_its_start()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var executing = await StartAsync(redis);
        await using var other = await StartAsync(redis);
        var (joined, both) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var model = await ModelAsync(i => i > Ahead ? both.Task : Task.CompletedTask);
        var run = await executing.StartAsync(await executing.PatientAgentAsync(model.Url), "hello");
        var first = Seen.WatchAsync(other, run.Id, _ => Task.FromResult(joined.TrySetResult()));
        await joined.Task.WaitAsync(Eventually.Patience);

        var second = await Seen.WatchAsync(other, run.Id, _ => Task.FromResult(both.TrySetResult()));

        second.Text.ShouldBe(Words);
        (await first).Text.ShouldBe(Words);
    }

    [Fact]
    public async Task A_kill_of_Redis_loses_no_entry_and_its_return_is_taken_up()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var executing = await StartAsync(redis);
        await using var other = await StartAsync(redis);
        var killed = new TaskCompletionSource();
        await using var model = await ModelAsync(i => i > Ahead ? killed.Task : Task.CompletedTask);
        var agent = await executing.PatientAgentAsync(model.Url);
        var run = await executing.StartAsync(agent, "hello");

        var seen = await Seen.WatchAsync(other, run.Id, async _ =>
        {
            if (!killed.Task.IsCompleted)
            {
                await redis.KillAsync();
                killed.SetResult();
            }
        });

        seen.Seqs.ShouldBe(Enumerable.Range(1, seen.Seqs.Count).Select(i => (long)i));
        seen.Last.ShouldBe(Entry.KindOneofCase.Completed);
        Words.ShouldStartWith(seen.Text);
        seen.Text.Length.ShouldBeLessThan(Words.Length);
        await Eventually.HoldsAsync(() => !Hints(executing).IsUp && !Hints(other).IsUp, "the loss of Redis to be noticed");
        var health = await Eventually.BecomesAsync(
            () => other.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(), h => h.Entries["redis"].Status == HealthStatus.Degraded, "the health to tell of it");
        health.Status.ShouldBe(HealthStatus.Degraded);

        await redis.StartAgainAsync();
        await Eventually.HoldsAsync(() => Hints(executing).IsUp && Hints(other).IsUp, "Redis to be taken up again");
        var again = new TaskCompletionSource();
        model.Otherwise = Replies.Paced(Answer, i => i > Ahead ? again.Task : Task.CompletedTask);
        run = await executing.StartAsync(agent, "hello");
        (await Seen.WatchAsync(other, run.Id, _ => Task.FromResult(again.TrySetResult()))).Text.ShouldBe(Words);
    }

    [Fact]
    public async Task A_Redis_that_hangs_slows_no_run()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var executing = await StartAsync(redis);
        await using var other = await StartAsync(redis);
        var agent = await executing.AgentAsync(Script(20));
        var run = await executing.StartAsync(agent, "hello");
        var watching = Seen.WatchAsync(other, run.Id);
        redis.Pause();
        try
        {
            var runs = new List<Run>();
            for (var i = 0; i < 20; i++)
            {
                runs.Add(await executing.StartAsync(agent, "hello"));
            }

            foreach (var started in runs)
            {
                await executing.UntilAsync(started.Id, RunStatus.Completed);
            }

            (await watching).Last.ShouldBe(Entry.KindOneofCase.Completed);
        }
        finally
        {
            redis.Resume();
        }
    }

    [Fact]
    public async Task Runs_of_another_tenant_are_not_heard_of()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var executing = await StartAsync(redis);
        await using var other = await StartAsync(redis);
        await using var third = await StartAsync(redis);
        var run = Guid.CreateVersion7();
        using var own = executing.Services.GetRequiredService<LiveFeeds>().Hold("a", run);
        var feeds = other.Services.GetRequiredService<LiveFeeds>();
        string[] tenants = ["b", "*", "?", "a*", "[a]", "", "A"];
        var strangers = tenants.Select(tenant => feeds.Watch(tenant, run)).ToList();
        var heard = strangers.ConvertAll(hold => hold.Feed.Join());
        using var rightful = third.Services.GetRequiredService<LiveFeeds>().Watch("a", run);
        using var right = rightful.Feed.Join();
        own.Feed.Begin(new CallPosition(1, 0, 1, 1));

        await Eventually.HoldsAsync(
            () =>
            {
                own.Feed.Delta("secret ");
                return right.Take() is not null;
            },
            "the rightful watcher to hear");

        heard.ShouldAllBe(reader => reader.Take() == null);
        executing.Services.GetRequiredService<LiveFeeds>().Watch("b", run).Feed.HasText.ShouldBeFalse();
        strangers.ForEach(hold => hold.Dispose());
    }

    [Fact]
    public async Task A_worker_is_woken_through_Redis_for_what_another_process_accepted()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var full = await EngineHost.StartAsync(
            database.Database, new Dictionary<string, string?>(redis.Settings) { ["Engine:Capacity"] = "1", ["Redis:Prefix"] = "wake" });
        await using var idle = await EngineHost.StartAsync(
            database.Database,
            new Dictionary<string, string?>(redis.Settings) { ["Engine:PollLongest"] = "00:01:00", ["Engine:PollShortest"] = "00:00:50", ["Redis:Prefix"] = "wake" });
        await Eventually.HoldsAsync(() => Hints(full).IsUp && Hints(idle).IsUp, "Redis");
        var slow = await full.AgentAsync(Script(9_000));
        var quick = await full.AgentAsync("""{"rules":[],"otherwise":"done"}""");
        var busy = await full.StartAsync(slow, "hello");

        var run = await full.StartAsync(quick, "hello");

        (await full.UntilAsync(run.Id, RunStatus.Completed)).Output.ShouldBe("done");
        (await full.GetAsync(busy.Id)).Status.ShouldBe(RunStatus.Running);
        // To its end: a run that is left would be claimed by the hosts of the next test.
        await full.Runs.CancelRunAsync(new CancelRunRequest { Id = busy.Id });
        await full.UntilAsync(busy.Id, RunStatus.Cancelled);
    }

    private async Task<EngineHost> StartAsync(RedisServer redis)
    {
        var host = await EngineHost.StartAsync(database.Database, redis.Settings);
        await Eventually.HoldsAsync(() => Hints(host).IsUp, "Redis to be connected");
        return host;
    }

    /// <summary>A model whose answer goes on as the test says.</summary>
    private static async Task<FakeOpenAi> ModelAsync(Func<int, Task> before)
    {
        var model = await FakeOpenAi.StartAsync();
        model.Otherwise = Replies.Paced(Answer, before);
        return model;
    }

    private static RedisHints Hints(EngineHost host) => host.Services.GetRequiredService<RedisHints>();

    private sealed class Seen
    {
        public string Text { get; private set; } = "";

        public int Deltas { get; private set; }

        public List<long> Seqs { get; } = [];

        public Entry.KindOneofCase Last { get; private set; }

        public static async Task<Seen> WatchAsync(EngineHost host, string run, Func<Seen, Task>? each = null)
        {
            var seen = new Seen();
            using var watch = host.Runs.WatchRun(new WatchRunRequest { RunId = run }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.Add(Eventually.Patience));
            await foreach (var part in watch.ResponseStream.ReadAllAsync())
            {
                if (part.Delta is { } delta)
                {
                    delta.Offset.ShouldBe(seen.Text.Length);
                    seen.Text += delta.Text;
                    seen.Deltas++;
                    await (each?.Invoke(seen) ?? Task.CompletedTask);
                }
                else if (part.Entry is { } entry)
                {
                    seen.Seqs.Add(entry.Seq);
                    seen.Last = entry.KindCase;
                }
            }

            return seen;
        }
    }
}
