using Minion.Contracts.Tools.V1;
using ModelContextProtocol;
using Action = Minion.Contracts.Tools.V1.ToolRule.Types.Action;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Edge.Tests.Mcp;

/// <summary>What is known of calls through the MCP server, and which rules hold for them.</summary>
[Collection(ServerCollection.Name)]
public sealed class AuditTests(ServerFixture server)
{
    private static CancellationToken End => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(McpClients.Legacy)]
    [InlineData(McpClients.Modern)]
    public async Task The_audit_says_who_called_with_which_program(string version)
    {
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey, version, name: $"desk-{version}");

        await client.CallToolAsync("calculator", new Dictionary<string, object?> { ["expression"] = "6*7" }, cancellationToken: End);

        AuditedCall? call = null;
        await Eventually.HoldsAsync(
            async () => (call = (await server.Registry.ListCallsAsync(new ListCallsRequest { Tool = "calculator" }, server.Owner)).Calls
                .FirstOrDefault(c => c.Client == $"desk-{version}/1.2")) is not null,
            "The call is not in the audit.");
        call!.Principal.ShouldBe("user:ada");
        (call.Agent, call.RunId, call.Outcome, call.Decision).ShouldBe(("", "", "ok", "allowed"));
        call.Tainted.ShouldBeTrue();
    }

    [Fact]
    public async Task Rules_hold_for_clients_of_whom_nobody_knows_what_they_have_read()
    {
        await SetAsync("text", new Policy { Rules = { Rule(Action.Deny, "tainted", "Only for runs that have read nothing foreign.") } });
        await SetAsync("json_query", new Policy { Rules = { Rule(Action.Approve, "tainted", "Somebody must look.") } });
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey);
        try
        {
            var denied = await client.CallToolAsync("text", Arguments("text"), cancellationToken: End);
            var asked = await client.CallToolAsync("json_query", Arguments("json_query"), cancellationToken: End);

            denied.IsError.ShouldBe(true);
            McpClients.Text(denied).ShouldContain("Only for runs");
            asked.IsError.ShouldBe(true);
            McpClients.Text(asked).ShouldContain("needs a person's approval: Somebody must look.");
        }
        finally
        {
            await server.Registry.RemovePolicyAsync(new RemovePolicyRequest { Name = "text" }, server.Owner);
            await server.Registry.RemovePolicyAsync(new RemovePolicyRequest { Name = "json_query" }, server.Owner);
        }
    }

    [Fact]
    public async Task Who_may_not_use_a_tool_does_not_see_it_and_cannot_call_it()
    {
        await SetAsync("time", new Policy { Permissions = { "clocks" } });
        await using var ada = await McpClients.ConnectAsync(server.Mcp, ServerFixture.AdaKey);
        await using var bob = await McpClients.ConnectAsync(server.Mcp, ServerFixture.BobKey);
        try
        {
            (await ada.ListToolsAsync(cancellationToken: End)).Select(tool => tool.Name).ShouldContain("time");
            (await bob.ListToolsAsync(cancellationToken: End)).Select(tool => tool.Name).ShouldNotContain("time");
            (await ada.CallToolAsync("time", cancellationToken: End)).IsError.ShouldNotBe(true);
            (await Should.ThrowAsync<McpProtocolException>(async () => await bob.CallToolAsync("time", cancellationToken: End))).Message.ShouldContain("Unknown tool: 'time'");
        }
        finally
        {
            await server.Registry.RemovePolicyAsync(new RemovePolicyRequest { Name = "time" }, server.Owner);
        }
    }

    private async Task SetAsync(string name, Policy policy) =>
        await server.Registry.SetPolicyAsync(new SetPolicyRequest { Policy = new NamedPolicy { Name = name, Policy = policy } }, server.Owner);

    private static ToolRule Rule(Action action, string condition, string reason) => new() { Action = action, Condition = condition, Reason = reason };

    private static Dictionary<string, object?> Arguments(string tool) => tool == "text"
        ? new() { ["operation"] = "count", ["text"] = "a b" }
        : new() { ["json"] = "{}", ["query"] = "$" };
}
