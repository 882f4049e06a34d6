using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;

namespace Minion.AppHost.Tests.Running;

/// <summary>Live text between the orchestration processes, with Redis and without.</summary>
[Collection(ApplicationCollection.Name)]
public sealed class RedisTests(ApplicationFixture fixture)
{
    private const string Redis = "redis-server";
    private readonly TestApplication _application = fixture.Application;

    [Fact]
    public async Task Watchers_at_every_process_see_the_answer_grow()
    {
        SkipWithoutRedis();
        await _application.UntilAllHealthAsync("redis", "healthy");
        var id = await _application.StartRunAsync("slow", "add 4 5");

        // Each connection goes to the next process, so at least two of them are not the one that executes the run.
        var seen = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => WatchAsync(id)));

        var run = await _application.EndAsync(id);
        foreach (var watcher in seen)
        {
            watcher.Text.ShouldBe(run.Output);
            watcher.Deltas.ShouldBeGreaterThan(1);
            watcher.Seqs.ShouldBe(Enumerable.Range(1, (int)run.LastSeq).Select(i => (long)i));
        }
    }

    [Fact]
    public async Task A_kill_of_Redis_in_the_middle_of_a_run_loses_nothing_and_is_reported()
    {
        SkipWithoutRedis();
        await _application.UntilAllHealthAsync("redis", "healthy");
        var (resource, process) = _application.Processes(Redis, wanted: 1)[0];
        var id = await _application.StartRunAsync("slow", "add 6 7");
        var killing = new TaskCompletionSource();
        var watching = Enumerable.Range(0, 3).Select(_ => WatchAsync(id, () => killing.TrySetResult())).ToList();
        await killing.Task.WaitAsync(TestApplication.Patience);
        Kill(process);

        var seen = await Task.WhenAll(watching);

        var run = await _application.EndAsync(id);
        run.Output.ShouldEndWith("the sum is 13 and twice that is 26");
        foreach (var watcher in seen)
        {
            watcher.Seqs.ShouldBe(Enumerable.Range(1, (int)run.LastSeq).Select(i => (long)i));
            run.Output.ShouldStartWith(watcher.Text);
        }

        await _application.UntilAllHealthAsync("redis", "degraded");
        await _application.HealthyAsync("orchestration");
        (await _application.MetricsAsync("redis_up 0")).ShouldBeTrue();
        (await _application.EndAsync(await _application.StartRunAsync("quick", "add 8 9"))).Output.ShouldBe("that is 17");

        (await _application.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand)).Success.ShouldBeTrue();
        await _application.UntilAllHealthAsync("redis", "healthy");
    }

    private void SkipWithoutRedis() => Assert.SkipUnless(_application.Has(Redis), $"{Redis} is not installed, or Redis is a container.");

    private async Task<Watcher> WatchAsync(string run, Action? delta = null)
    {
        var watcher = new Watcher();
        using var watch = new RunService.RunServiceClient(_application.Connect()).WatchRun(new WatchRunRequest { RunId = run });
        await foreach (var part in watch.ResponseStream.ReadAllAsync().WithCancellation(new CancellationTokenSource(TestApplication.Patience).Token))
        {
            if (part.Delta is { } text)
            {
                text.Offset.ShouldBe(watcher.Text.Length);
                watcher.Text += text.Text;
                watcher.Deltas++;
                delta?.Invoke();
            }
            else if (part.Entry is { } entry)
            {
                watcher.Seqs.Add(entry.Seq);
            }
        }

        return watcher;
    }

    private static void Kill(int process)
    {
        using var found = Process.GetProcessById(process);
        found.Kill(entireProcessTree: true);
    }

    private sealed class Watcher
    {
        public string Text { get; set; } = "";

        public int Deltas { get; set; }

        public List<long> Seqs { get; } = [];
    }
}
