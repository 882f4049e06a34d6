using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Inbox;

/// <summary>What agents ask people with <c>ask_person</c>.</summary>
public sealed class QuestionTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(database.Database);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_answer_is_the_result_of_the_call()
    {
        var run = await StartAsync("""{"question":"Which city?"}""", "It is {{ask_person.answer}}.");
        var item = (await _host.ItemsAsync(run))[0];

        item.Kind.ShouldBe(InboxKind.Question);
        item.Text.ShouldBe("Which city?");
        item.Choices.ShouldBeEmpty();
        item.Assignee.ShouldBe("ops");
        await _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Text = "Berlin" });

        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("It is Berlin.");
    }

    [Fact]
    public async Task One_of_its_choices_is_chosen_also_when_it_is_called_like_a_choice_of_the_engine()
    {
        var run = await StartAsync("""{"question":"What now?","choices":["retry","done"]}""", "So: {{ask_person.choice}} ({{ask_person.answer}}).");
        var item = (await _host.ItemsAsync(run))[0];

        item.Choices.ShouldBe(["retry", "done"]);
        (await Should.ThrowAsync<RpcException>(() => _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Text = "later" }).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.InvalidArgument);
        await _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "retry", Text = "if you like" });

        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("So: retry (if you like).");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"question":""}""")]
    [InlineData("""{"question":"?","choices":"yes"}""")]
    [InlineData("""{"question":"?","choices":["a","a"]}""")]
    [InlineData("""{"question":"?","choices":[1]}""")]
    public async Task A_question_that_is_none_is_a_failure_that_the_model_sees(string arguments)
    {
        var run = await StartAsync(arguments, "?");

        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldStartWith("No:");
        (await _host.EntriesAsync(run)).ShouldNotContain(e => e.Question != null);
    }

    [Fact]
    public async Task The_older_call_answers_too()
    {
        var run = await StartAsync("""{"question":"Which city?"}""", "It is {{ask_person.answer}}.");
        await _host.ItemsAsync(run);

        await _host.Runs.AnswerAsync(new AnswerRequest { RunId = run, Text = "Lima" });

        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("It is Lima.");
    }

    [Fact]
    public async Task What_a_run_below_asks_is_listed_with_the_tree_of_the_run_above()
    {
        var below = await _host.AskingAgentAsync(
            """{"rules":[{"match":"find","calls":[{"tool":"ask_person","arguments":{"question":"Which city?"}}],"say":"{{ask_person.answer}}"}],"otherwise":"?"}""",
            ["ask_person"]);
        var script =
            $$$"""
            {"rules":[{"match":"go","calls":[{"tool":"run_agent","arguments":{"agent":"{{{below}}}","input":"find it"}}],"say":"Found."}],"otherwise":"?"}
            """;
        var above = await _host.AskingAgentAsync(script, ["run_agent"], agents: [below]);
        var run = (await _host.StartAsync(above, "go")).Id;
        var request = new ListItemsRequest { RunId = run, Tree = true };
        await Eventually.HoldsAsync(async () => (await _host.Inbox.ListItemsAsync(request)).Items.Count == 1, "the child to ask");

        var item = (await _host.Inbox.ListItemsAsync(request)).Items[0];
        item.RunId.ShouldNotBe(run);
        item.Agent.ShouldBe(below);
        (await _host.Inbox.ListItemsAsync(new ListItemsRequest { RunId = run })).Items.ShouldBeEmpty();
        await _host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Text = "Lima" });
        (await _host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("Found.");
    }

    private async Task<string> StartAsync(string arguments, string say)
    {
        var script =
            $$$"""
            {"rules":[{"match":"go","calls":[{"tool":"ask_person","arguments":{{{arguments}}}}],"say":"{{{say}}}","on_error":"No: {{error}}"}],"otherwise":"?"}
            """;
        var agent = await _host.AskingAgentAsync(script, ["ask_person"], new ApprovalRule { Tool = "*", Assignee = "ops" });
        return (await _host.StartAsync(agent, "go")).Id;
    }
}
