using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Tests.Hosting;
using EngineWorker = Minion.Orchestration.Runs.Engine.Worker;

namespace Minion.Orchestration.Tests.Inbox;

/// <summary>A run that waits for a person is a row.</summary>
public sealed class ManyWaitingTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const int Many = 1_000;

    private const string Script =
        """{"rules":[{"match":"go","calls":[{"tool":"send_money","arguments":{"amount":"5"}}],"say":"Paid."}],"otherwise":"Nothing waits."}""";

    [Fact]
    public async Task A_thousand_runs_that_wait_hold_no_slot_and_outlive_their_server()
    {
        var tool = new RecordingTool();
        var capacity = new Dictionary<string, string?> { ["Engine:Capacity"] = "16" };
        string agent;
        await using (var first = await EngineHost.StartAsync(database.Database, capacity, tool))
        {
            agent = await first.AskingAgentAsync(Script, ["send_money"], new ApprovalRule { Tool = "send_money" });
            await Parallel.ForAsync(0, Many, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await first.StartAsync(agent, "go", request: $"many-{i}"));
            await Eventually.HoldsAsync(async () => (await first.StatusOf(RunStatus.Waiting)) == Many, "all runs to wait");

            await Eventually.BecomesAsync(() => first.Services.GetRequiredService<EngineWorker>().HeldRuns, held => held == 0, "no slot to be held");
            first.Services.GetRequiredService<HeldRuns>().IsEmpty.ShouldBeTrue();
            // There is room for another one, which does not wait.
            await first.UntilAsync((await first.StartAsync(agent, "hello")).Id, RunStatus.Completed);
        }

        await using var second = await EngineHost.StartAsync(database.Database, capacity, tool);
        var items = new List<InboxItem>();
        var request = new ListItemsRequest { PageSize = 200 };
        do
        {
            var page = await second.Inbox.ListItemsAsync(request);
            items.AddRange(page.Items);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        items.Select(i => i.RunId).Distinct().Count().ShouldBe(Many);
        await Parallel.ForEachAsync(
            items.Take(50), async (item, _) => await second.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "approve" }));
        await Eventually.HoldsAsync(async () => await second.StatusOf(RunStatus.Completed) == 51, "the answered runs to end");
        tool.Calls.Count.ShouldBe(50);
        (await second.StatusOf(RunStatus.Waiting)).ShouldBe(Many - 50);
    }
}

internal static class StatusOfRuns
{
    public static async Task<long> StatusOf(this EngineHost host, RunStatus status) =>
        (await host.Status.GetStatusAsync(new GetStatusRequest())).Runs.TryGetValue(status.ToString().ToLowerInvariant(), out var count) ? count : 0;
}
