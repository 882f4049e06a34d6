using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Inbox;

/// <summary>Calls that a person is asked about before they are made.</summary>
public sealed class ApprovalTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string Script =
        """
        {"rules":[{"match":"pay (?<amount>\\d+)","calls":[{"tool":"send_money","arguments":{"amount":"{{amount}}"}}],
          "say":"Paid {{send_money.amount}}.","on_error":"Not paid: {{error}}"}],"otherwise":"?"}
        """;

    private readonly RecordingTool _tool = new();
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(database.Database, tools: _tool);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_call_is_not_made_before_it_is_approved()
    {
        var run = await StartAsync("pay 5");
        var item = (await _host.ItemsAsync(run)).ShouldHaveSingleItem();
        var waiting = await _host.UntilAsync(run, RunStatus.Waiting);

        item.Kind.ShouldBe(InboxKind.Approval);
        item.Tool.ShouldBe("send_money");
        item.Arguments.ShouldBe("""{"amount":"5"}""");
        item.Choices.ShouldBe(["approve", "deny"]);
        var question = waiting.Questions.ShouldHaveSingleItem();
        question.ItemId.ShouldBe(item.Id);
        question.Kind.ShouldBe("approval");
        _tool.Calls.ShouldBeEmpty();
        (await _host.EntriesAsync(run)).ShouldNotContain(e => e.Intent != null);

        var answered = await AnswerAsync(item.Id, "approve");
        answered.Repeated.ShouldBeFalse();
        answered.Item.Status.ShouldBe(InboxStatus.Answered);
        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("Paid 5.");
        _tool.Calls.ShouldBe(["""{"amount":"5"}"""]);
    }

    [Fact]
    public async Task What_is_denied_is_not_made_and_the_model_is_told_why()
    {
        var run = await StartAsync("pay 5");
        var item = (await _host.ItemsAsync(run))[0];

        await AnswerAsync(item.Id, "deny", "We have paid already.");

        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldContain("We have paid already.");
        _tool.Calls.ShouldBeEmpty();
        var outcome = (await _host.EntriesAsync(run)).Single(e => e.Tool is not null).Tool;
        outcome.Failure.Kind.ShouldBe("denied");
        outcome.DecidedBy.ShouldBe("person");
    }

    [Fact]
    public async Task An_edited_call_is_made_with_the_new_arguments_and_the_journal_has_both()
    {
        var run = await StartAsync("pay 5000");
        var item = (await _host.ItemsAsync(run))[0];

        await AnswerAsync(item.Id, "approve", arguments: """{"amount":"50"}""");

        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("Paid 50.");
        _tool.Calls.ShouldBe(["""{"amount":"50"}"""]);
        var entries = await _host.EntriesAsync(run);
        entries.Single(e => e.Question is not null).Question.Question.Arguments.ShouldBe("""{"amount":"5000"}""");
        entries.Single(e => e.Signal is not null).Signal.Arguments.ShouldBe("""{"amount":"50"}""");
        entries.Single(e => e.Intent is not null).Intent.Arguments.ShouldBe("""{"amount":"50"}""");
        (await _host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_twenty_answers_at_the_same_time_one_counts_and_the_call_is_made_once()
    {
        var run = await StartAsync("pay 7");
        var item = (await _host.ItemsAsync(run))[0];

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await _host.Inbox.AnswerItemAsync(
                    new AnswerItemRequest { Id = item.Id, Choice = i % 2 == 0 ? "approve" : "deny", Text = $"says {i}" }, _host.As("default", $"user:{i}"));
                return i;
            }
            catch (RpcException late) when (late.StatusCode == StatusCode.FailedPrecondition)
            {
                late.Status.Detail.ShouldContain("was answered with");
                late.Status.Detail.ShouldContain("user:");
                return -1;
            }
        }));

        var winner = answers.Where(a => a >= 0).ShouldHaveSingleItem();
        await _host.UntilAsync(run, RunStatus.Completed);
        _tool.Calls.Count.ShouldBe(winner % 2 == 0 ? 1 : 0);
        var decided = (await _host.Inbox.GetItemAsync(new GetItemRequest { Id = item.Id })).Item;
        decided.Answer.Principal.ShouldBe($"user:{winner}");
        decided.Answer.Text.ShouldBe($"says {winner}");
        (await _host.EntriesAsync(run)).Count(e => e.Signal is not null).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_answer_again_changes_nothing_and_another_is_told_what_was_answered()
    {
        var run = await StartAsync("pay 9");
        var item = (await _host.ItemsAsync(run))[0];
        await AnswerAsync(item.Id, "approve", "fine");

        (await AnswerAsync(item.Id, "approve", "fine")).Repeated.ShouldBeTrue();
        var refused = await Should.ThrowAsync<RpcException>(() => AnswerAsync(item.Id, "deny"));

        refused.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        refused.Status.Detail.ShouldContain("'approve'");
        await _host.UntilAsync(run, RunStatus.Completed);
        _tool.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Calls_of_one_answer_are_asked_about_and_answered_each_for_itself()
    {
        var run = await StartAsync("pay 1 and pay 2 and pay 3");
        var items = await _host.ItemsAsync(run, 3);

        await AnswerAsync(items.Single(i => i.Arguments.Contains('2')).Id, "approve");

        // The others are still open: what is approved does not wait for them.
        await Eventually.HoldsAsync(() => _tool.Calls.Count == 1, "the approved call to be made");
        await AnswerAsync(items.Single(i => i.Arguments.Contains('1')).Id, "deny", "Not this one.");
        await AnswerAsync(items.Single(i => i.Arguments.Contains('3')).Id, "approve");
        var ended = await _host.UntilAsync(run, RunStatus.Completed);

        ended.Output.ShouldContain("Paid 2.");
        ended.Output.ShouldContain("Paid 3.");
        ended.Output.ShouldContain("Not this one.");
        _tool.Calls.ShouldBe(["""{"amount":"2"}""", """{"amount":"3"}"""], ignoreOrder: true);
    }

    [Fact]
    public async Task What_a_cancelled_run_asked_is_withdrawn()
    {
        var run = await StartAsync("pay 5");
        var item = (await _host.ItemsAsync(run))[0];

        await _host.Runs.CancelRunAsync(new CancelRunRequest { Id = run, Reason = "enough" });
        await _host.UntilAsync(run, RunStatus.Cancelled);

        (await _host.Inbox.GetItemAsync(new GetItemRequest { Id = item.Id })).Item.Status.ShouldBe(InboxStatus.Withdrawn);
        var refused = await Should.ThrowAsync<RpcException>(() => AnswerAsync(item.Id, "approve"));
        refused.Status.Detail.ShouldContain("was withdrawn");
        _tool.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Arguments_that_the_journal_keeps_aside_are_asked_about_and_used_in_full_by_another_server()
    {
        var amount = new string('7', 20_000);
        var run = await StartAsync($"pay {amount}");
        var item = (await _host.ItemsAsync(run))[0];
        item.Arguments.Length.ShouldBeLessThan(1_100, "a list is short");
        await _host.DisposeAsync();
        _host = await EngineHost.StartAsync(database.Database, tools: _tool);

        (await _host.Inbox.GetItemAsync(new GetItemRequest { Id = item.Id })).Item.Arguments.ShouldContain(amount);
        await AnswerAsync(item.Id, "approve");

        await _host.UntilAsync(run, RunStatus.Completed);
        _tool.Calls.ShouldHaveSingleItem().ShouldContain(amount);
    }

    [Fact]
    public async Task Another_tenant_finds_nothing()
    {
        var run = await StartAsync("pay 5");
        var item = (await _host.ItemsAsync(run))[0];
        var other = _host.As("other");

        (await _host.Inbox.ListItemsAsync(new ListItemsRequest(), other)).Items.ShouldBeEmpty();
        (await NotFound(() => _host.Inbox.GetItemAsync(new GetItemRequest { Id = item.Id }, other).ResponseAsync)).ShouldBeTrue();
        (await NotFound(() => _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "approve" }, other).ResponseAsync)).ShouldBeTrue();
        (await NotFound(() => _host.Inbox.DelegateItemAsync(new DelegateItemRequest { Id = item.Id, To = "eve" }, other).ResponseAsync)).ShouldBeTrue();
        (await NotFound(() => _host.Runs.AnswerAsync(new AnswerRequest { RunId = run, Choice = "approve" }, other).ResponseAsync)).ShouldBeTrue();

        (await _host.Inbox.GetItemAsync(new GetItemRequest { Id = item.Id })).Item.Status.ShouldBe(InboxStatus.Open);
        _tool.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_call_of_a_tool_is_asked_about_and_the_next_is_not()
    {
        var script =
            """
            {"rules":[{"match":"go","sequence":true,"calls":[{"tool":"send_money","arguments":{"amount":"1"}},{"tool":"send_money","arguments":{"amount":"2"}}],
              "say":"done"}],"otherwise":"?"}
            """;
        var agent = await _host.AskingAgentAsync(script, ["send_money"], new ApprovalRule { Tool = "send_*", When = ApprovalWhen.FirstTime });
        var run = (await _host.StartAsync(agent, "go")).Id;

        await AnswerAsync((await _host.ItemsAsync(run))[0].Id, "approve");

        await _host.UntilAsync(run, RunStatus.Completed);
        _tool.Calls.Count.ShouldBe(2);
        (await _host.EntriesAsync(run)).Count(e => e.Question is not null).ShouldBe(1);
    }

    [Theory]
    [InlineData("maybe", "", "", "choice")]
    [InlineData("approve", "", "[1]", "arguments")]
    [InlineData("approve", "", "{", "arguments")]
    [InlineData("deny", "", "{}", "arguments")]
    public async Task An_answer_that_does_not_fit_names_the_field_and_leaves_the_item_open(string choice, string text, string arguments, string field)
    {
        var run = await StartAsync("pay 5");
        var item = (await _host.ItemsAsync(run))[0];

        var refused = await Should.ThrowAsync<RpcException>(() => AnswerAsync(item.Id, choice, text, arguments));

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Status.Detail.ShouldContain(field + ":");
        (await _host.Inbox.GetItemAsync(new GetItemRequest { Id = item.Id })).Item.Status.ShouldBe(InboxStatus.Open);
    }

    private async Task<string> StartAsync(string input) =>
        (await _host.StartAsync(await _host.AskingAgentAsync(Script, ["send_money"], new ApprovalRule { Tool = "send_*", Assignee = "ops" }), input)).Id;

    private async Task<AnswerItemResponse> AnswerAsync(string item, string choice, string text = "", string arguments = "") =>
        await _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item, Choice = choice, Text = text, Arguments = arguments });

    private static async Task<bool> NotFound(Func<Task> call) =>
        (await Should.ThrowAsync<RpcException>(call)).StatusCode == StatusCode.NotFound;
}
