using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Inbox;

/// <summary>What happens when nobody answers in time, who else is asked, and what waiting costs.</summary>
public sealed class TimeoutTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string Script =
        """
        {"rules":[{"match":"go","calls":[{"tool":"send_money","arguments":{"amount":"5"}}],"say":"Paid.","on_error":"Not paid: {{error}}"}],"otherwise":"?"}
        """;

    private readonly RecordingTool _tool = new();
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(database.Database, tools: _tool);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(TimeoutAction.Deny, 0, "deny")]
    [InlineData(TimeoutAction.Approve, 1, "approve")]
    public async Task When_nobody_answers_in_time_the_policy_decides_and_who_comes_late_is_told(TimeoutAction action, int calls, string outcome)
    {
        var run = await StartAsync(new ApprovalRule { Tool = "*", Timeout = Seconds(1), OnTimeout = action });
        var ended = await _host.UntilAsync(run, RunStatus.Completed);
        var item = (await _host.Inbox.ListItemsAsync(new ListItemsRequest { RunId = run, Status = InboxStatus.Expired })).Items.ShouldHaveSingleItem();

        _tool.Calls.Count.ShouldBe(calls);
        ended.Output.ShouldStartWith(calls == 0 ? "Not paid: Nobody allowed" : "Paid.");
        item.Answer.Choice.ShouldBe(outcome);
        item.Answer.Principal.ShouldBeEmpty();
        (await _host.EntriesAsync(run)).Single(e => e.Expired is not null).Expired.Outcome.ShouldBe(outcome);
        var late = await Should.ThrowAsync<RpcException>(() => _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "approve" }).ResponseAsync);
        late.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        late.Status.Detail.ShouldContain("was over");
        _tool.Calls.Count.ShouldBe(calls);
    }

    [Fact]
    public async Task An_answer_after_the_time_is_refused_also_when_the_run_has_not_noticed_yet()
    {
        var run = await StartAsync(new ApprovalRule { Tool = "*", Timeout = Seconds(3600), OnTimeout = TimeoutAction.Deny });
        var item = (await _host.ItemsAsync(run))[0];
        await _host.ExecuteAsync("UPDATE orchestration.inbox SET due_at = now() - interval '1 second' WHERE id = $1", Guid.Parse(item.Id));

        var late = await Should.ThrowAsync<RpcException>(() => _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "approve" }).ResponseAsync);

        late.Status.Detail.ShouldContain("was over");
        _tool.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_escalated_item_is_somebody_elses_and_is_denied_at_its_end()
    {
        var run = await StartAsync(new ApprovalRule { Tool = "*", Timeout = Seconds(1), OnTimeout = TimeoutAction.Escalate, Assignee = "ops", EscalateTo = "lead" });
        await _host.UntilAsync(run, RunStatus.Completed);

        var item = (await _host.Inbox.ListItemsAsync(new ListItemsRequest { RunId = run, Status = InboxStatus.Expired })).Items.ShouldHaveSingleItem();
        item.Assignee.ShouldBe("lead");
        var escalated = item.History.ShouldHaveSingleItem();
        escalated.Kind.ShouldBe("escalated");
        escalated.From.ShouldBe("ops");
        (await _host.EntriesAsync(run)).Where(e => e.Expired is not null).Select(e => e.Expired.Outcome).ShouldBe(["escalate", "deny"]);
        _tool.Calls.ShouldBeEmpty();
        (await _host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task An_escalated_item_can_be_answered()
    {
        var run = await StartAsync(new ApprovalRule { Tool = "*", Timeout = Seconds(3600), OnTimeout = TimeoutAction.Escalate, Assignee = "ops", EscalateTo = "lead" });
        var item = (await _host.ItemsAsync(run))[0];
        await _host.UntilAsync(run, RunStatus.Waiting);
        // Its time is over an hour early, for the run as for the inbox.
        await using (var journal = _host.Database.DataSource(DatabaseRoles.Migrator).CreateCommand(
            $"UPDATE orchestration.entries SET payload = jsonb_set(payload, '{{due_at}}', to_jsonb(now())) WHERE run_id = '{run}' AND kind = 'question'"))
        {
            (await journal.ExecuteNonQueryAsync()).ShouldBe(1);
        }

        await _host.ExecuteAsync("UPDATE orchestration.inbox SET due_at = now() WHERE id = $1", Guid.Parse(item.Id));
        await _host.ExecuteAsync("UPDATE orchestration.runs SET wake_at = now() WHERE id = $1", Guid.Parse(run));
        await Eventually.HoldsAsync(
            async () => (await _host.Inbox.ListItemsAsync(new ListItemsRequest { Assignee = "lead", RunId = run })).Items.Count == 1, "the item to be the lead's");

        await _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "approve" });

        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("Paid.");
        _tool.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_delegated_item_is_somebody_elses_and_its_history_says_who_and_why()
    {
        var run = await StartAsync(new ApprovalRule { Tool = "*", Assignee = "ops" });
        var item = (await _host.ItemsAsync(run))[0];

        var delegated = (await _host.Inbox.DelegateItemAsync(new DelegateItemRequest { Id = item.Id, To = "user:ada", Reason = "She knows." }, _host.As("default", "user:bob"))).Item;

        delegated.Assignee.ShouldBe("user:ada");
        var happened = delegated.History.ShouldHaveSingleItem();
        (happened.Kind, happened.Principal, happened.From, happened.To, happened.Reason).ShouldBe(("delegated", "user:bob", "ops", "user:ada", "She knows."));
        (await _host.Inbox.ListItemsAsync(new ListItemsRequest { Mine = true, RunId = run }, _host.As("default", "user:ada"))).Items.Count.ShouldBe(1);
        (await _host.Inbox.ListItemsAsync(new ListItemsRequest { Mine = true, RunId = run }, _host.As("default", "user:bob"))).Items.ShouldBeEmpty();
        await _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "deny" });
        await _host.UntilAsync(run, RunStatus.Completed);
        (await Should.ThrowAsync<RpcException>(() => _host.Inbox.DelegateItemAsync(new DelegateItemRequest { Id = item.Id, To = "x" }).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task The_time_that_a_run_waits_for_a_person_is_not_counted()
    {
        var run = await StartAsync(new ApprovalRule { Tool = "*" });
        var item = (await _host.ItemsAsync(run))[0];
        await _host.UntilAsync(run, RunStatus.Waiting);
        // As if it had waited for two days: the timeout is 15 minutes.
        await _host.ExecuteAsync(
            "UPDATE orchestration.runs SET waiting_since = waiting_since - interval '2 days', deadline = deadline - interval '2 days' WHERE id = $1", Guid.Parse(run));

        await _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "approve" });

        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("Paid.");
    }

    [Fact]
    public async Task Lists_have_pages_and_filters()
    {
        var runs = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            runs.Add(await StartAsync(new ApprovalRule { Tool = "*", Assignee = "pages" }));
            await _host.ItemsAsync(runs[i]);
        }

        var request = new ListItemsRequest { Assignee = "pages", Kind = InboxKind.Approval, PageSize = 2 };
        var seen = new List<string>();
        do
        {
            var page = await _host.Inbox.ListItemsAsync(request);
            page.Items.Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(page.Items.Select(i => i.RunId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        seen.ShouldBe(runs);
        (await _host.Inbox.ListItemsAsync(new ListItemsRequest { Assignee = "pages", Kind = InboxKind.Question })).Items.ShouldBeEmpty();
    }

    private async Task<string> StartAsync(ApprovalRule rule) => (await _host.StartAsync(await _host.AskingAgentAsync(Script, ["send_money"], rule), "go")).Id;

    private static Duration Seconds(int seconds) => Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
}
