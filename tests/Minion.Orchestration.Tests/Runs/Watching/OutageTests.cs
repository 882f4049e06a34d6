using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Tests.Hosting;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Runs.Watching;

/// <summary>Watching a run while the database is away.</summary>
public sealed class OutageTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Script = """{"rules":[{"match":"go","calls":[{"tool":"book","arguments":{"at":8}}],"say":"Booked: {{book.text}}"}],"otherwise":"?"}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly InputRequest Approval = new() { Id = "approval", Approval = new ApprovalRequest { Reason = "It is late." } };

    [Fact]
    public async Task A_watcher_waits_for_the_database_and_then_sees_the_rest()
    {
        var waits = new Recorder();
        await using var host = await EngineHost.StartAsync(
            database.Database,
            new Dictionary<string, string?> { ["Engine:Lease"] = "00:01:00" },
            services => services.AddSingleton<ILogger<Outages>>(waits),
            new AskingTool(Effect.SideEffect, Approval));
        var run = await host.StartAsync(await host.AgentAsync(Script, tools: ["book"]), "go");
        var item = (await host.ItemsAsync(run.Id)).ShouldHaveSingleItem();
        var watching = WatchAsync(host, run.Id);
        await Eventually.HoldsAsync(
            async () =>
            {
                await database.Database.BreakConnectionsAsync();
                return watching.IsCompleted || !waits.Messages.IsEmpty;
            },
            () => "the watcher to meet a broken connection");

        await AvailableAsync(async () => await host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "approve" }));

        var seen = await watching;
        var ended = await AvailableAsync(() => host.GetAsync(run.Id));
        ended.Status.ShouldBe(RunStatus.Completed);
        seen.ShouldBe(Enumerable.Range(1, (int)ended.LastSeq).Select(i => (long)i));
    }

    /// <summary>What the call gives. Connections that were broken fail when they are used next; callers call again.</summary>
    private static async Task<T> AvailableAsync<T>(Func<Task<T>> call)
    {
        T? result = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    result = await call();
                    return true;
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
                {
                    return false;
                }
            },
            () => "the call to be answered");
        return result!;
    }

    private static async Task<List<long>> WatchAsync(EngineHost host, string run)
    {
        var seqs = new List<long>();
        using var patience = new CancellationTokenSource(Patience);
        using var watch = host.Runs.WatchRun(new WatchRunRequest { RunId = run, EntriesOnly = true }, cancellationToken: patience.Token);
        await foreach (var part in watch.ResponseStream.ReadAllAsync())
        {
            seqs.Add(part.Entry.Seq);
        }

        return seqs;
    }

    private sealed class Recorder : ILogger<Outages>
    {
        public ConcurrentQueue<string> Messages { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue(formatter(state, exception));
    }
}
