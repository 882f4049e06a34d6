using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Clusters;

public sealed class ApprovalReaderTests
{
    private const string Rules =
        """
        approvals:
          - { tool: notes_list, when: never }
          - { tool: 'notes_*', timeout: 2d, on_timeout: escalate, assignee: ops, escalate_to: lead }
          - { tool: '*', when: first_time, timeout: 1h, on_timeout: approve }
        """;

    [Fact]
    public void The_first_rule_that_matches_a_tool_counts()
    {
        var agent = Read(Rules);

        ApprovalRules.TermsOf(agent, "notes_list").ShouldBeNull();
        ApprovalRules.TermsOf(agent, "notes_add").ShouldBe(new ApprovalTerms("always", 172_800, "escalate", "ops", "lead"));
        ApprovalRules.TermsOf(agent, "calculator").ShouldBe(new ApprovalTerms("first_time", 3600, "approve", Assignee: null, EscalateTo: null));
    }

    [Fact]
    public void Nobody_is_asked_about_tools_that_no_rule_matches() =>
        ApprovalRules.TermsOf(Read("approvals: [ { tool: send_money } ]"), "calculator").ShouldBeNull();

    [Fact]
    public void Rules_are_stored_with_the_version()
    {
        var agent = Read(Rules);
        AgentJson.Read(AgentJson.Write(agent)).ShouldBe(agent);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var errors = string.Join('\n', Files.ErrorsOf(Files.WithAgent(
            """
            approvals:
              - { tool: 'Send Money', when: sometimes, timeout: 0s }
              - { tool: a, on_timeout: approve }
              - { tool: b, timeout: 1h, on_timeout: escalate }
              - { tool: c, timeout: 1h, escalate_to: lead, who: ops }
              - { tool: ask_person, timeout: 1h, on_timeout: approve, assignee: ' ops' }
            """)));

        foreach (var problem in new[]
        {
            "approvals[0].tool", "approvals[0].when", "approvals[0].timeout", "approvals[1].on_timeout", "approvals[2].escalate_to", "approvals[3].escalate_to",
            "approvals[3].who", "approvals[4].on_timeout", "approvals[4].assignee",
        })
        {
            errors.ShouldContain(problem);
        }
    }

    private static AgentDefinition Read(string lines)
    {
        var reading = Files.Read(Files.WithAgent(lines));
        reading.Problems.InOrder.ShouldBeEmpty();
        return reading.File!.Agents.Single().Definition;
    }
}
