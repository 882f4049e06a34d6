using Minion.Cli.Tools;
using Minion.Cli.Verbs;
using Minion.Contracts.Tools.V1;
using RuleAction = Minion.Contracts.Tools.V1.ToolRule.Types.Action;

namespace Minion.Cli.Tests.Tools;

public sealed class PolicyOptionsTests
{
    [Fact]
    public void What_is_given_takes_the_place_of_what_was_there_and_the_rest_stays()
    {
        var before = new ToolPolicy { Retries = 3, TimeoutMs = 10, Owner = "ops", Capabilities = { "old" }, Tags = { "kept" } };

        var policy = Read(
            before,
            "--timeout", "2m", "--rate", "60/1m", "--cache", "0s", "--cost", "0.25", "--effect", "side_effect", "--reversible", "false", "--approval", "amount > 100",
            "--require", "path under /work", "--deny", "tainted", "--capability", "payments", "--capability", "audit", "--deny-agent", "test-*", "--status", "deprecated", "--use", "other");

        (policy.TimeoutMs, policy.Retries, policy.Owner).ShouldBe((120_000, 3, "ops"));
        (policy.Rate.Calls, policy.Rate.PeriodSeconds, policy.HasCacheSeconds, policy.CacheSeconds, policy.CostUsd).ShouldBe((60, 60, true, 0, 0.25));
        (policy.Effect, policy.HasReversible, policy.Reversible, policy.HasUntrusted).ShouldBe((Effect.SideEffect, true, false, false));
        (policy.Approval.When, policy.Approval.Condition).ShouldBe((ToolApproval.Types.When.Condition, "amount > 100"));
        policy.Rules.Select(rule => (rule.Action, rule.Condition)).ShouldBe([(RuleAction.Require, "path under /work"), (RuleAction.Deny, "tainted")]);
        policy.Capabilities.ShouldBe(["payments", "audit"]);
        policy.Tags.ShouldBe(["kept"]);
        policy.DeniedAgents.ShouldBe(["test-*"]);
        (policy.Status, policy.Replacement).ShouldBe((ToolStatus.Deprecated, "other"));
    }

    [Fact]
    public void Nothing_given_changes_nothing()
    {
        var before = new ToolPolicy { Rules = { new ToolRule { Action = RuleAction.Deny, Condition = "tainted" } }, Permissions = { "money" } };

        Read(before.Clone()).ShouldBe(before);
    }

    [Theory]
    [InlineData("""{"timeout_ms": 5}""")]
    [InlineData("""{"name": "x", "policy": {"timeoutMs": 5}, "cluster": "c"}""")]
    public void A_file_has_a_policy_alone_or_as_it_is_shown(string json) => PolicyFile.Parse(json).TimeoutMs.ShouldBe(5);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"timeoutt": 5}""")]
    [InlineData("""{"timeout_ms": "soon"}""")]
    public void What_is_no_policy_is_said_with_what_to_do(string json) => Should.Throw<CliFailure>(() => PolicyFile.Parse(json)).Hint.ShouldContain("show NAME -o json");

    [Theory]
    [InlineData("--rate", "often")]
    [InlineData("--effect", "none")]
    [InlineData("--timeout", "soon")]
    public async Task Words_that_are_none_are_refused_before_anything_is_sent(string option, string value)
    {
        using var test = new TestTerminal();

        (await test.RunAsync("tools", "policies", "set", "x", option, value)).ShouldBe(ExitCodes.Usage);
    }

    [Theory]
    [InlineData(true, "clerk", "", "clerk")]
    [InlineData(true, "", "", "user:ada")]
    [InlineData(false, "clerk", "r1", "user:ada (claims agent clerk, run r1)")]
    [InlineData(false, "", "", "user:ada")]
    public void The_audit_shows_what_is_only_claimed_as_a_claim(bool attested, string agent, string run, string who) =>
        ToolsAuditVerb.Who(new AuditedCall { Attested = attested, Agent = agent, RunId = run, Principal = "user:ada" }).ShouldBe(who);

    private static ToolPolicy Read(ToolPolicy policy, params string[] given)
    {
        using var test = new TestTerminal();
        var options = new PolicyOptions();
        var command = new System.CommandLine.Command("set");
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        options.Fill(new Invocation(test.Terminal, command.Parse(given)), policy);
        return policy;
    }
}
