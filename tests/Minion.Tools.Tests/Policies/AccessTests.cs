using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Minion.Tools.Policies;
using Action = Minion.Contracts.Tools.V1.ToolRule.Types.Action;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;
using When = Minion.Contracts.Tools.V1.ToolApproval.Types.When;

namespace Minion.Tools.Tests.Policies;

public sealed class AccessTests
{
    [Theory]
    [InlineData("clerk", true)]
    [InlineData("team_a", true)]
    [InlineData("team_bad", false)]
    [InlineData("other", false)]
    public async Task Lists_of_agents_with_wildcards_say_who_may_call(string agent, bool may)
    {
        using var harness = new PipelineHarness(FakeTool.Ok()).With("fake", new Policy { AllowedAgents = { "clerk", "team_*" }, DeniedAgents = { "*_bad" } });

        var report = await harness.CallAsync(PipelineHarness.Request(agent: agent));

        (report.Outcome is ToolResult).ShouldBe(may);
        harness.Records().ShouldHaveSingleItem().Decision.ShouldBe(may ? "allowed" : "denied");
    }

    [Fact]
    public async Task Where_only_certain_agents_may_call_people_may_not_unless_they_are_administrators()
    {
        using var harness = new PipelineHarness(FakeTool.Ok()).With("*", new Policy { AllowedAgents = { "clerk" } });

        (await harness.CallAsync(PipelineHarness.Request(caller: Callers.Guest))).Outcome.Failure().Kind.ShouldBe(Kind.Denied);
        (await harness.CallAsync(PipelineHarness.Request())).Outcome.ShouldBeOfType<ToolResult>();
    }

    [Fact]
    public async Task An_agent_that_a_caller_only_claims_to_be_opens_nothing()
    {
        using var harness = new PipelineHarness(FakeTool.Ok()).With("*", new Policy { AllowedAgents = { "clerk" } });
        var request = PipelineHarness.Request(agent: "clerk", caller: Callers.Guest);

        (await harness.CallAsync(request)).Outcome.ShouldBeOfType<ToolResult>();
        (await harness.CallAsync(request with { Origin = request.Origin with { FromRun = false } })).Outcome.Failure().Kind.ShouldBe(Kind.Denied);
    }

    [Theory]
    [InlineData("payments,audit", "ok", "")]
    [InlineData("audit,payments,more", "ok", "")]
    [InlineData("payments", "denied", "capabilities: audit")]
    [InlineData("Payments,audit", "denied", "capabilities: payments")]
    [InlineData("", "denied", "capabilities: payments, audit")]
    public async Task What_an_agent_must_be_capable_of_is_asked_by_the_tool_and_its_policies_together(string capabilities, string outcome, string rule)
    {
        var own = new ToolPolicy(Effect.ReadOnly) { Capabilities = ["payments"] };
        using var harness = new PipelineHarness(FakeTool.Ok(FakeTool.Describe(policy: own))).With("fa*", new Policy { Capabilities = { "audit", "payments" } });
        var request = PipelineHarness.Request(agent: "clerk");

        var report = await harness.CallAsync(request with { Origin = request.Origin with { Capabilities = capabilities.Split(',', StringSplitOptions.RemoveEmptyEntries) } });

        var record = harness.Records().ShouldHaveSingleItem();
        record.Outcome.ShouldBe(outcome);
        record.Rule.ShouldBe(rule);
        if (report.Outcome is ToolFailure failure)
        {
            failure.Kind.ShouldBe(Kind.Denied);
            failure.Message.ShouldContain("'clerk' is not declared to have");
            failure.Message.ShouldContain($"'{rule.Split(' ')[^1]}'");
            failure.Hint.ShouldContain("'capabilities'");
            record.Message.ShouldBe(failure.Message);
        }
    }

    [Fact]
    public async Task Capabilities_that_a_caller_only_claims_open_nothing_and_people_need_to_be_administrators()
    {
        using var harness = new PipelineHarness(FakeTool.Ok()).With("fake", new Policy { Capabilities = { "payments" } });
        var claimed = PipelineHarness.Request(agent: "clerk", caller: Callers.Guest);
        claimed = claimed with { Origin = claimed.Origin with { Capabilities = ["payments"], FromRun = false } };

        (await harness.CallAsync(claimed)).Outcome.Failure().Message.ShouldContain("of people only administrators");
        (await harness.CallAsync(PipelineHarness.Request(agent: "clerk"))).Outcome.Failure().Kind.ShouldBe(Kind.Denied);
        (await harness.CallAsync(PipelineHarness.Request())).Outcome.ShouldBeOfType<ToolResult>();
    }

    [Fact]
    public async Task An_argument_that_a_model_adds_does_not_say_where_an_address_leads()
    {
        var open = FakeTool.Describe() with { InputSchema = """{"type":"object","properties":{"url":{"type":"string"}}}""" };
        using var harness = new PipelineHarness(FakeTool.Ok(open)).With("fake", new Policy { Rules = { new ToolRule { Action = Action.Require, Condition = "host in example.com" } } });

        (await harness.CallAsync(PipelineHarness.Request("""{"url":"https://example.com/"}"""))).Outcome.ShouldBeOfType<ToolResult>();
        (await harness.CallAsync(PipelineHarness.Request("""{"url":"https://evil.net/","host":"example.com"}"""))).Outcome.Failure().Kind.ShouldBe(Kind.Denied);
    }

    [Fact]
    public async Task Where_a_tool_knows_a_host_other_addresses_are_only_text()
    {
        var mail = FakeTool.Describe() with { InputSchema = """{"type":"object","properties":{"host":{"type":"string"},"text":{"type":"string"}}}""" };
        using var harness = new PipelineHarness(FakeTool.Ok(mail)).With("fake", new Policy { Rules = { new ToolRule { Action = Action.Require, Condition = "host in example.com" } } });

        (await harness.CallAsync(PipelineHarness.Request("""{"host":"example.com","text":"https://evil.net/"}"""))).Outcome.ShouldBeOfType<ToolResult>();
        (await harness.CallAsync(PipelineHarness.Request("""{"host":"evil.net","text":"https://example.com/"}"""))).Outcome.Failure().Kind.ShouldBe(Kind.Denied);
    }

    [Theory]
    [InlineData("""{"n":5}""", "ok")]
    [InlineData("""{"n":50}""", "Denied")]
    [InlineData("{}", "Denied")]
    public async Task A_rule_on_arguments_holds(string arguments, string outcome)
    {
        using var harness = new PipelineHarness(FakeTool.Ok()).With("fa*", new Policy { Rules = { new ToolRule { Action = Action.Require, Condition = "n < 10" } } });

        var report = await harness.CallAsync(PipelineHarness.Request(arguments));

        (report.Outcome is ToolFailure failure ? failure.Kind.ToString() : "ok").ShouldBe(outcome);
    }

    [Theory]
    [InlineData("Never here.", "'fake' was not called: Never here.")]
    [InlineData("never here", "'fake' was not called: never here.")]
    [InlineData("Why here?", "'fake' was not called: Why here?")]
    public async Task A_refusal_ends_as_a_sentence_does(string reason, string message)
    {
        using var harness = new PipelineHarness(FakeTool.Ok())
            .With("fake", new Policy { Rules = { new ToolRule { Action = Action.Deny, Condition = "always", Reason = reason } } });

        (await harness.CallAsync(PipelineHarness.Request())).Outcome.Failure().Message.ShouldBe(message);
    }

    [Fact]
    public async Task Rules_of_all_policies_count_and_the_most_exact_policy_takes_the_place_of_others()
    {
        using var harness = new PipelineHarness(FakeTool.Ok())
            .With("*", new Policy { TimeoutMs = 1000, CostUsd = 1, Rules = { new ToolRule { Action = Action.Deny, Condition = "n = 1" } } })
            .With("fake", new Policy { CostUsd = 3, Rules = { new ToolRule { Action = Action.Deny, Condition = "n = 2" } } })
            .With("fa*", new Policy { CostUsd = 2, Permissions = { "special" } });

        (await harness.CallAsync(PipelineHarness.Request("""{"n":1}"""))).Outcome.Failure().Kind.ShouldBe(Kind.Denied);
        (await harness.CallAsync(PipelineHarness.Request("""{"n":2}"""))).Outcome.Failure().Kind.ShouldBe(Kind.Denied);
        (await harness.CallAsync(PipelineHarness.Request("""{"n":3}"""))).CostUsd.ShouldBe(3);
        (await harness.CallAsync(PipelineHarness.Request("""{"n":3}""", caller: Callers.Guest))).Outcome.Failure().Message.ShouldContain("special");
        var tool = (await harness.Registry.GetAsync("default", default)).Find("fake")!;
        tool.Description.Policy.Timeout.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_rule_of_one_agent_is_none_of_another()
    {
        using var harness = new PipelineHarness(FakeTool.Ok()).With("fake", new Policy { Rules = { new ToolRule { Action = Action.Deny, Condition = "always", Agents = { "intern*" } } } });

        (await harness.CallAsync(PipelineHarness.Request(agent: "intern_1"))).Outcome.ShouldBeOfType<ToolFailure>();
        (await harness.CallAsync(PipelineHarness.Request(agent: "boss"))).Outcome.ShouldBeOfType<ToolResult>();
    }

    [Fact]
    public async Task An_approval_is_asked_for_and_then_holds_for_this_very_call_only()
    {
        var calls = 0;
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), (_, _) =>
        {
            calls++;
            return new(FakeTool.OkResult());
        })).With("fake", new Policy { Approval = new ToolApproval { When = When.Always, Assignee = "ada", TimeoutSeconds = 60 } });
        var request = PipelineHarness.Request("""{"n":1}""", agent: "clerk");

        var asked = (await harness.CallAsync(request)).Outcome.ShouldBeOfType<ToolInputRequired>();
        var approval = asked.Requests.ShouldHaveSingleItem();
        var forOther = await harness.CallAsync(Answer(request, asked, approved: true) with { Arguments = """{"n":2}""" });
        var denied = await harness.CallAsync(Answer(request, asked, approved: false));
        var approved = await harness.CallAsync(Answer(request, asked, approved: true));
        var without = await harness.CallAsync(request with { Answers = Answer(request, asked, approved: true).Answers });

        approval.Approval.Assignee.ShouldBe("ada");
        approval.Approval.Rule.ShouldBe("fake: approval: always");
        forOther.Outcome.ShouldBeOfType<ToolInputRequired>();
        denied.Outcome.Failure().Message.ShouldContain("too risky");
        approved.Outcome.ShouldBeOfType<ToolResult>();
        without.Outcome.ShouldBeOfType<ToolInputRequired>();
        calls.ShouldBe(1);
        harness.Records().Select(r => $"{r.Decision} {r.Outcome}").ShouldBe(["asked input_required", "asked input_required", "denied denied", "approved ok", "asked input_required"]);
    }

    [Fact]
    public async Task A_first_time_is_asked_once_for_each_agent()
    {
        using var harness = new PipelineHarness(FakeTool.Ok()).With("fake", new Policy { Approval = new ToolApproval { When = When.FirstTime } });
        var request = PipelineHarness.Request(agent: "clerk");

        var asked = (await harness.CallAsync(request)).Outcome.ShouldBeOfType<ToolInputRequired>();
        await harness.CallAsync(Answer(request, asked, approved: true));

        (await harness.CallAsync(request with { Arguments = """{"n":2}""" })).Outcome.ShouldBeOfType<ToolResult>();
        (await harness.CallAsync(PipelineHarness.Request(agent: "other"))).Outcome.ShouldBeOfType<ToolInputRequired>();
    }

    [Theory]
    [InlineData("""{"n":5}""", false)]
    [InlineData("""{"n":500}""", true)]
    public async Task Above_a_limit_a_person_is_asked(string arguments, bool asked)
    {
        using var harness = new PipelineHarness(FakeTool.Ok()).With("fake", new Policy { Approval = new ToolApproval { When = When.Condition, Condition = "n > 100" } });

        ((await harness.CallAsync(PipelineHarness.Request(arguments, agent: "clerk"))).Outcome is ToolInputRequired).ShouldBe(asked);
    }

    [Theory]
    [InlineData(Effect.SideEffect, false, true, true)]
    [InlineData(Effect.SideEffect, true, true, false)]
    [InlineData(Effect.SideEffect, false, false, false)]
    [InlineData(Effect.ReadOnly, false, true, false)]
    public async Task After_an_untrusted_source_what_cannot_be_undone_is_asked_for(Effect effect, bool reversible, bool tainted, bool asked)
    {
        using var harness = new PipelineHarness(FakeTool.Ok(FakeTool.Describe(policy: new ToolPolicy(effect) { Reversible = reversible })))
            .With("*", new Policy { Rules = { new ToolRule { Action = Action.Approve, Condition = "tainted and irreversible" } } });

        ((await harness.CallAsync(PipelineHarness.Request(tainted: tainted, agent: "clerk"))).Outcome is ToolInputRequired).ShouldBe(asked);
    }

    [Fact]
    public async Task An_approved_call_that_needs_more_is_not_asked_for_again_and_the_tool_sees_only_its_own_state()
    {
        var states = new List<string>();
        using var harness = new PipelineHarness(new FakeTool(FakeTool.Describe(), (call, _) =>
        {
            states.Add($"{call.InputState}/{call.Answers.Count}");
            return new(call.Answers.Count > 0
                ? FakeTool.OkResult()
                : new ToolInputRequired([new InputRequest { Id = "q", Question = new QuestionRequest { Message = "Which?" } }], "mine:1"));
        })).With("fake", new Policy { Approval = new ToolApproval { When = When.Always } });
        var request = PipelineHarness.Request(agent: "clerk");

        var asked = (await harness.CallAsync(request)).Outcome.ShouldBeOfType<ToolInputRequired>();
        var question = (await harness.CallAsync(Answer(request, asked, approved: true))).Outcome.ShouldBeOfType<ToolInputRequired>();
        var done = await harness.CallAsync(request with
        {
            InputState = question.State,
            Answers = [new InputAnswer { Id = "q", Question = new QuestionAnswer { Action = QuestionAnswer.Types.Action.Accept, Content = "\"a\"" } }],
        });

        question.Requests.ShouldHaveSingleItem().Id.ShouldBe("q");
        done.Outcome.ShouldBeOfType<ToolResult>();
        states.ShouldBe(["/0", "mine:1/1"]);
    }

    private static ToolRequest Answer(ToolRequest request, ToolInputRequired asked, bool approved) => request with
    {
        InputState = asked.State,
        Answers = [new InputAnswer { Id = ApprovalState.Id, Approval = new ApprovalAnswer { Approved = approved, Text = approved ? "" : "too risky" } }],
    };
}
