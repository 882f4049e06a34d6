using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Clusters.Export;
using Minion.Orchestration.Clusters.Tools;

namespace Minion.Orchestration.Tests.Clusters;

/// <summary>The section <c>tools</c> as text in, request out.</summary>
public sealed class ToolSectionTests
{
    private const string Section =
        """
        tools:
          - name: files
            mcp: { command: npx, args: ['-y', server-filesystem, /data], env: { TOKEN: '${FILES_TOKEN}', PLACE: '${REGION}' } }
            timeout: 30s
            untrusted: true
            status: review
            rules:
              - { require: path under /data, reason: That is not yours. }
              - { deny: size > 1000000, agents: ['junior*'] }
              - { approve: tainted and irreversible }
          - name: 'pay_*'
            rate: { calls: 60, per: 1m }
            cache: 5m
            retries: 2
            concurrency: 3
            cost_usd: 0.01
            result_limit: 4096
            effect: side_effect
            reversible: false
            approval: { when: amount > 100, assignee: ops, timeout: 2d, on_timeout: escalate, escalate_to: lead }
            permissions: [money]
            capabilities: [payments]
            allowed_agents: [treasurer]
            denied_agents: ['test-*']
            owner: ops
            category: money
            tags: [bank]
            examples: [{ title: A chair, arguments: { amount: 25 }, result: { paid: true } }]
            error_hints: [{ pattern: no funds, hint: Ask for less. }]
            masked_arguments: [/iban]
          - name: old_pay
            status: deprecated
            replacement: pay_now
            approval: first_time
        """;

    [Fact]
    public void Sources_and_policies_are_read_as_the_tool_service_takes_them()
    {
        var request = Read();

        var source = request.Sources.ShouldHaveSingleItem();
        (source.Name, source.Kind).ShouldBe(("files", "mcp"));
        JsonNode.DeepEquals(
            JsonNode.Parse(source.Settings),
            JsonNode.Parse("""{"command":"npx","args":["-y","server-filesystem","/data"],"env":{"TOKEN":"${FILES_TOKEN}","PLACE":"north"}}""")).ShouldBeTrue(source.Settings);
        (source.Policy.TimeoutMs, source.Policy.Untrusted, source.Policy.Status).ShouldBe((30_000, true, ToolStatus.Review));
        source.Policy.Rules.Select(r => (r.Action, r.Condition, r.Reason)).ShouldBe([
            (ToolRule.Types.Action.Require, "path under /data", "That is not yours."),
            (ToolRule.Types.Action.Deny, "size > 1000000", ""),
            (ToolRule.Types.Action.Approve, "tainted and irreversible", ""),
        ]);
        source.Policy.Rules[1].Agents.ShouldBe(["junior*"]);

        request.Policies.Select(p => p.Name).ShouldBe(["pay_*", "old_pay"]);
        var pay = request.Policies[0].Policy;
        (pay.Rate.Calls, pay.Rate.PeriodSeconds, pay.CacheSeconds, pay.Retries, pay.Concurrency).ShouldBe((60, 60, 300, 2, 3));
        (pay.CostUsd, pay.ResultLimit, pay.Effect, pay.Reversible).ShouldBe((0.01, 4096, Effect.SideEffect, false));
        (pay.Approval.When, pay.Approval.Condition, pay.Approval.Assignee).ShouldBe((ToolApproval.Types.When.Condition, "amount > 100", "ops"));
        (pay.Approval.TimeoutSeconds, pay.Approval.OnTimeout, pay.Approval.EscalateTo).ShouldBe((172_800L, "escalate", "lead"));
        pay.Capabilities.ShouldBe(["payments"]);
        (pay.Permissions[0], pay.AllowedAgents[0], pay.DeniedAgents[0], pay.Tags[0], pay.MaskedArguments[0]).ShouldBe(("money", "treasurer", "test-*", "bank", "/iban"));
        (pay.Examples[0].Title, pay.Examples[0].Arguments, pay.Examples[0].Result).ShouldBe(("A chair", """{"amount":25}""", """{"paid":true}"""));
        (pay.ErrorHints[0].Pattern, pay.ErrorHints[0].Hint).ShouldBe(("no funds", "Ask for less."));
        var old = request.Policies[1].Policy;
        (old.Status, old.Replacement, old.Approval.When).ShouldBe((ToolStatus.Deprecated, "pay_now", ToolApproval.Types.When.FirstTime));
        old.HasTimeoutMs.ShouldBeFalse();
    }

    [Fact]
    public void What_is_exported_is_read_as_the_same_with_its_secrets_as_references()
    {
        var reading = Files.Read(File(Section), ("REGION", "north"));
        var yaml = ClusterYaml.Write("c", reading.File!.Definition, [], [], []);

        yaml.ShouldContain("${FILES_TOKEN}");
        yaml.ShouldNotContain("$${FILES_TOKEN}");
        var again = Files.Read(yaml);
        again.Problems.InOrder.ShouldBeEmpty();
        again.File!.Definition.IsSame(reading.File.Definition).ShouldBeTrue(yaml);
    }

    [Theory]
    [InlineData("- { name: Files, mcp: {} }", "tools[0].name: 'Files' is not the name of a source")]
    [InlineData("- { name: 'files*', mcp: {} }", "tools[0].name: 'files*' is not the name of a source")]
    [InlineData("- { name: -files }", "tools[0].name: '-files' is not the name of a tool")]
    [InlineData("- { name: files, mcp: {}, http: {} }", "tools[0].http: a source is of one kind; this one has 'mcp' already")]
    [InlineData("- { name: files, timout: 5s }", "tools[0].timout: there is no such key. Did you mean 'timeout'?")]
    [InlineData("- { name: files, rate: { calls: 5 } }", "tools[0].rate.per: is missing")]
    [InlineData("- { name: files, rules: [{ deny: a, approve: b }] }", "tools[0].rules[0]: must have exactly one of require, deny and approve")]
    [InlineData("- { name: files, rules: [{}] }", "tools[0].rules[0]: must have exactly one of require, deny and approve")]
    [InlineData("- { name: files, approval: { assignee: ops } }", "tools[0].approval.when: is missing")]
    [InlineData("- { name: files, effect: maybe }", "tools[0].effect: must be one of read_only, idempotent, side_effect")]
    [InlineData("- { name: files, mcp: { env: { A: '${PLAIN}' } } }", "tools[0].mcp.env.A: the environment variable PLAIN is not set")]
    [InlineData("- { name: files, owner: '${OPS_TOKEN}' }", "tools[0].owner: ${OPS_TOKEN} looks like a secret")]
    [InlineData("- { name: a }\n- { name: a }", "tools[1]: the name 'a' stands here a second time")]
    public void What_is_wrong_is_said_at_its_place(string items, string error) =>
        Files.ErrorsOf(File("tools:\n" + string.Join('\n', items.Split('\n').Select(i => "  " + i)))).ShouldContain(e => e.Contains(error, StringComparison.Ordinal));

    private static ApplyToolsRequest Read()
    {
        var reading = Files.Read(File(Section), ("REGION", "north"));
        reading.Problems.InOrder.ShouldBeEmpty();
        return ToolSectionRequest.Of("c", (JsonArray)reading.File!.Definition.Json["tools"]!);
    }

    private static string File(string section) => "apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: { name: c }\n" + section + "\n";
}
