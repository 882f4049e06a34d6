using Grpc.Core;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Tests.Api;
using Action = Minion.Contracts.Tools.V1.ToolRule.Types.Action;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Tests.Mcp;

/// <summary>What a server claims of its tools' effects, and what administrators say of them.</summary>
public sealed class EffectTests(RegistryHost host) : IClassFixture<RegistryHost>
{
    [Fact]
    public async Task A_claim_of_reading_only_does_not_get_past_a_rule_about_what_cannot_be_undone()
    {
        var admin = host.AdministratorOf("claims");
        await SetAsync(admin, "text read", trusted: false);
        await host.Registry.SetPolicyAsync(Rule("peer_*", "tainted and irreversible"), admin);

        (await CallAsync(admin, tainted: true)).OutcomeCase.ShouldBe(CallToolResponse.OutcomeOneofCase.InputRequired);
        (await CallAsync(admin, tainted: false)).OutcomeCase.ShouldBe(CallToolResponse.OutcomeOneofCase.Result);

        await SetAsync(admin, "text read", trusted: true);

        await Eventually.HoldsAsync(async () => (await CallAsync(admin, tainted: true)).OutcomeCase == CallToolResponse.OutcomeOneofCase.Result);
    }

    [Fact]
    public async Task What_became_of_a_call_whose_server_died_is_open_unless_a_policy_says_that_it_only_reads()
    {
        var admin = host.AdministratorOf("died");
        await SetAsync(admin, "exit 3", trusted: false);

        var open = await DiedAsync(admin);
        await host.Registry.SetPolicyAsync(new SetPolicyRequest { Policy = new NamedPolicy { Name = "peer_read", Policy = new Policy { Effect = Effect.ReadOnly } } }, admin);
        var read = await DiedAsync(admin);

        open.Failure.Undecided.ShouldBeTrue(open.ToString());
        read.Failure.Undecided.ShouldBeFalse(read.ToString());
        read.Failure.Retryable.ShouldBeTrue(read.ToString());
    }

    private async Task SetAsync(Metadata admin, string onCall, bool trusted) => await host.Registry.SetSourceAsync(
        new SetSourceRequest { Source = new ToolSource { Name = "peer", Kind = "mcp", Settings = ShellServer.Settings(onCall, trusted: trusted) } }, admin);

    private async Task<CallToolResponse> CallAsync(Metadata admin, bool tainted = false) => await host.Tools.CallToolAsync(
        new CallToolRequest { Name = "peer_read", IdempotencyKey = Guid.NewGuid().ToString(), Tainted = tainted }, admin);

    /// <summary>The failure of a call that reached the server, which is left alone for a moment after each.</summary>
    private async Task<CallToolResponse> DiedAsync(Metadata admin)
    {
        using var limit = McpTesting.Limit();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (true)
        {
            if (await CallAsync(admin) is { Failure: { } failure } response && failure.Message.Contains("in the middle", StringComparison.Ordinal))
            {
                return response;
            }

            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    private static SetPolicyRequest Rule(string name, string condition) => new()
    {
        Policy = new NamedPolicy { Name = name, Policy = new Policy { Rules = { new ToolRule { Action = Action.Approve, Condition = condition } } } },
    };
}
