using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;

namespace Minion.Orchestration.Tests.Inbox;

/// <summary>Calls whose tool needs something said before it goes on: the run has it said, and makes the call again.</summary>
public sealed class InputTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Form =
        """
        {"type":"object","required":["people"],"properties":{
          "people":{"type":"integer","minimum":1,"maximum":12},"place":{"type":"string","enum":["in","out"]},"mail":{"type":"string","format":"email"}}}
        """;

    private const string Script =
        """
        {"rules":[{"match":"book","calls":[{"tool":"book","arguments":{"at":"8"}}],"say":"Booked: {{book.said}} ({{book.state}})","on_error":"Not booked: {{error}}"}],
         "otherwise":"?"}
        """;

    private static readonly InputRequest Approval = new()
    {
        Id = "may",
        Approval = new ApprovalRequest { Reason = "It is late.", Rule = "book: at > 7", Assignee = "ops" },
    };

    private static readonly InputRequest Question = new() { Id = "who", Question = new QuestionRequest { Message = "How many?", Schema = Form } };

    [Theory]
    [InlineData(Effect.ReadOnly)]
    [InlineData(Effect.Idempotent)]
    [InlineData(Effect.SideEffect)]
    public async Task A_tool_that_wants_an_approval_is_called_again_with_it(Effect effect)
    {
        var tool = new AskingTool(effect, Approval);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var run = await StartAsync(host);
        var item = (await host.ItemsAsync(run)).ShouldHaveSingleItem();

        (item.Kind, item.Text, item.Assignee, item.Tool).ShouldBe((InboxKind.Approval, "It is late.", "ops", "book"));
        item.Choices.ShouldBe(["approve", "deny"]);
        tool.Effects.ShouldBeEmpty();
        await AnswerAsync(host, item, "approve");

        (await host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("Booked: approved (state of 1)");
        tool.Effects.ShouldHaveSingleItem();
        tool.Calls.Select(c => c.IdempotencyKey).Distinct().ShouldHaveSingleItem();
        var entries = await host.EntriesAsync(run);
        var need = entries.Single(e => e.Input is not null).Input.Needs.ShouldHaveSingleItem();
        (need.Kind, need.Rule).ShouldBe(("approval", "book: at > 7"));
        entries.Count(e => e.Intent is not null).ShouldBe(effect == Effect.ReadOnly ? 0 : 2);
        (await host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task A_denial_is_told_to_the_tool_which_changes_nothing_and_to_the_model()
    {
        var tool = new AskingTool(Effect.SideEffect, Approval);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var run = await StartAsync(host);

        await AnswerAsync(host, (await host.ItemsAsync(run))[0], "deny", "We eat at home.");

        (await host.UntilAsync(run, RunStatus.Completed)).Output.ShouldContain("We eat at home.");
        tool.Effects.ShouldBeEmpty();
        var entries = await host.EntriesAsync(run);
        entries.Count(e => e.Intent is not null).ShouldBe(1);
        entries.Single(e => e.Tool is not null).Tool.DecidedBy.ShouldBe("person");
        (await host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task A_form_is_filled_in_and_held_to_its_fields()
    {
        var tool = new AskingTool(Effect.SideEffect, Question);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var run = await StartAsync(host);
        var item = (await host.ItemsAsync(run))[0];

        item.Form.ShouldContain("people");
        item.Choices.ShouldBe(["accept", "decline"]);
        var refused = await Should.ThrowAsync<RpcException>(() => AnswerAsync(host, item, "accept", arguments: """{"people":13,"place":"away","mail":"x","more":1}"""));
        refused.Status.Detail.ShouldContain("arguments.people");
        refused.Status.Detail.ShouldContain("arguments.place");
        refused.Status.Detail.ShouldContain("arguments.mail");
        refused.Status.Detail.ShouldContain("arguments.more");
        (await Should.ThrowAsync<RpcException>(() => AnswerAsync(host, item, "accept"))).Status.Detail.ShouldContain("arguments.people");
        await AnswerAsync(host, item, "accept", arguments: """{"people":4,"place":"out"}""");

        (await host.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("""Booked: {"people":4,"place":"out"} (state of 1)""");
    }

    [Fact]
    public async Task What_is_declined_is_told_to_the_tool()
    {
        var tool = new AskingTool(Effect.SideEffect, Question);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var run = await StartAsync(host);

        await AnswerAsync(host, (await host.ItemsAsync(run))[0], "decline");

        (await host.UntilAsync(run, RunStatus.Completed)).Output.ShouldContain("Decline");
    }

    [Fact]
    public async Task Several_things_are_asked_one_after_the_other_also_by_another_server()
    {
        var text = new InputRequest { Id = "what", Question = new QuestionRequest { Message = "For whom?" } };
        var tool = new AskingTool(Effect.SideEffect, Approval, text, Question);
        var one = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var run = await StartAsync(one);
        await AnswerAsync(one, (await one.ItemsAsync(run))[0], "approve");
        await Eventually.HoldsAsync(async () => (await one.ItemsAsync(run))[0].Text == "For whom?", "the second question");
        await one.UntilAsync(run, RunStatus.Waiting);
        await one.DisposeAsync();

        await using var two = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        await AnswerAsync(two, (await two.ItemsAsync(run))[0], "", "Ada");
        await Eventually.HoldsAsync(async () => (await two.ItemsAsync(run))[0].Form.Length > 0, "the third question");
        await AnswerAsync(two, (await two.ItemsAsync(run))[0], "accept", arguments: """{"people":2}""");

        (await two.UntilAsync(run, RunStatus.Completed)).Output.ShouldBe("""Booked: approved; "Ada"; {"people":2} (state of 3)""");
        tool.Effects.ShouldHaveSingleItem();
        (await two.History.ReplayRunAsync(new ReplayRunRequest { RunId = run })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task A_model_answers_in_the_agents_name_and_it_counts()
    {
        var need = new ModelRequest { SystemPrompt = "Be brief.", MaxTokens = 7, Messages = { new ModelMessage { Role = "user", Text = "Where to?" } } };
        var tool = new AskingTool(Effect.SideEffect, new InputRequest { Id = "help", Model = need });
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        await using var endpoint = await FakeOpenAi.StartAsync();
        endpoint.Then(Replies.ToolCalls(1, new FakeToolCall("c1", "book", "{}")), Replies.Text("To the sea."), Replies.Text("Booked."));
        var agent = await host.AgentAtAsync(endpoint.Url, "book");
        var run = (await host.StartAsync(agent, "book")).Id;

        var ended = await host.UntilAsync(run, RunStatus.Completed, RunStatus.Failed);

        ended.Output.ShouldBe("Booked.");
        ended.Usage.ModelCalls.ShouldBe(3);
        tool.Calls.Last().Answers.ShouldHaveSingleItem().Model.Text.ShouldBe("To the sea.");
        var entries = await host.EntriesAsync(run);
        var helped = entries.Single(e => e.InputModel is not null);
        (helped.InputModel.Text, helped.InputModel.Request).ShouldBe(("To the sea.", "help"));
        entries.Aggregate(0L, (sum, e) => sum + (e.Usage?.InputTokens ?? 0)).ShouldBe(ended.Usage.InputTokens);
        (await host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task No_model_helps_beyond_the_limits_of_the_run()
    {
        var need = new ModelRequest { Messages = { new ModelMessage { Role = "user", Text = "Go on." } } };
        var tool = new AskingTool(Effect.ReadOnly, new InputRequest { Id = "help", Model = need }) { IsEndless = true };
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var agent = await host.AgentAsync(Script, ["book"], new Limits { MaxTokens = 60 });
        var run = (await host.StartAsync(agent, "book")).Id;

        var ended = await host.UntilAsync(run, RunStatus.Failed, RunStatus.Completed);

        ended.Error.Kind.ShouldBe("limit_exceeded");
        ended.Error.Message.ShouldContain("max_tokens");
    }

    [Fact]
    public async Task A_tool_that_never_has_enough_fails_and_the_run_goes_on()
    {
        var need = new ModelRequest { Messages = { new ModelMessage { Role = "user", Text = "Go on." } } };
        var tool = new AskingTool(Effect.ReadOnly, new InputRequest { Id = "help", Model = need }) { IsEndless = true };
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var run = await StartAsync(host);

        (await host.UntilAsync(run, RunStatus.Completed)).Output.ShouldContain("32 times");
    }

    [Fact]
    public async Task When_nobody_answers_in_time_what_the_tool_wanted_is_done()
    {
        var approval = Approval.Clone();
        approval.Approval.TimeoutSeconds = 1;
        var tool = new AskingTool(Effect.SideEffect, approval);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var run = await StartAsync(host);

        (await host.UntilAsync(run, RunStatus.Completed)).Output.ShouldContain("Nobody answered in time.");
        tool.Effects.ShouldBeEmpty();
        (await host.EntriesAsync(run)).Single(e => e.Tool is not null).Tool.DecidedBy.ShouldBe("timeout");
        (await host.History.ReplayRunAsync(new ReplayRunRequest { RunId = run })).Same.ShouldBeTrue();
    }

    [Fact]
    public async Task A_person_may_change_what_is_called()
    {
        var tool = new AskingTool(Effect.SideEffect, Approval);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var run = await StartAsync(host);

        await AnswerAsync(host, (await host.ItemsAsync(run))[0], "approve", arguments: """{"at":"6"}""");

        await host.UntilAsync(run, RunStatus.Completed);
        tool.Effects.ShouldBe(["""{"at":"6"}"""]);
    }

    private static async Task<string> StartAsync(EngineHost host) => (await host.StartAsync(await host.AgentAsync(Script, ["book"]), "book")).Id;

    private static async Task AnswerAsync(EngineHost host, InboxItem item, string choice, string text = "", string arguments = "") =>
        await host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = choice, Text = text, Arguments = arguments });
}
