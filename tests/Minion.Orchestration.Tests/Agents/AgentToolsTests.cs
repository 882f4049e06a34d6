using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Agents;

public sealed class AgentToolsTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    [Fact]
    public async Task An_unknown_model_and_each_unknown_tool_are_named_at_once()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var definition = new AgentDefinition { Name = "x", Model = "nix", Tools = { "time", "calculater", "-quux", "quux_*", "quux@1", "ask_person" } };

        var error = await Should.ThrowAsync<RpcException>(async () => await host.Agents.CreateAgentAsync(new CreateAgentRequest { Definition = definition }));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        var fields = FaultDetails.From(error).Fields.ToDictionary(f => f.Field, f => f.Message, StringComparer.Ordinal);
        fields.Keys.Order(StringComparer.Ordinal).ShouldBe(["definition.model", "definition.tools[1]", "definition.tools[4]"]);
        fields["definition.tools[1]"].ShouldBe("there is no tool 'calculater'. Did you mean 'calculator'? 'minion get tools' lists them.");
        fields["definition.tools[4]"].ShouldStartWith("there is no tool 'quux'.");
    }

    [Fact]
    public async Task Tools_that_the_engine_carries_out_itself_are_listed_by_name_and_found_by_words()
    {
        await using var host = await EngineHost.StartAsync(database.Database);

        var all = (await host.Agents.ListEngineToolsAsync(new ListEngineToolsRequest())).Tools;
        var found = (await host.Agents.ListEngineToolsAsync(new ListEngineToolsRequest { Query = "PERSON answer" })).Tools;

        all.Select(t => t.Name).ShouldBe(
            ["ask_person", "hand_off", "receive_messages", "run_agent", "send_message", "workspace_get", "workspace_list", "workspace_set"]);
        all.ShouldAllBe(t => t.Description.Length > 0 && t.InputSchema.Length > 0 && t.Version.Length > 0);
        found.Select(t => t.Name).ShouldBe(["ask_person"]);
    }
}
