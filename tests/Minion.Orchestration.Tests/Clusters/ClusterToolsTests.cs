using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;

namespace Minion.Orchestration.Tests.Clusters;

public sealed class ClusterToolsTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    [Fact]
    public async Task A_misspelt_tool_is_an_error_of_the_file_at_its_place_with_the_nearest()
    {
        await using var host = await EngineHost.StartAsync(database.Database);
        var request = new ApplyClusterRequest
        {
            Content = """
                apiVersion: minion.dev/v1
                kind: AgentCluster
                metadata: { name: c }
                models: [{ name: default, provider: scripted, script: { rules: [], otherwise: hm } }]
                agents:
                  - name: a
                    tools: [time, calculater]
                  - name: b
                    tools: [quux_frobnicate]
                """,
        };

        var error = await Should.ThrowAsync<RpcException>(async () => await host.Clusters.ApplyClusterAsync(request));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        var fields = FaultDetails.From(error).Fields;
        fields.Select(f => f.Field).ShouldBe(["agents[0].tools[1]", "agents[1].tools[0]"]);
        fields[0].Message.ShouldBe("line 7, column 19: there is no tool 'calculater'. Did you mean 'calculator'? 'minion get tools' lists them");
        fields[1].Message.ShouldStartWith("line 9, column 13: there is no tool 'quux_frobnicate'. 'minion get tools'");
    }
}
