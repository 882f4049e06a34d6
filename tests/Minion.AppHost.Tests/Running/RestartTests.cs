using Minion.Contracts.Orchestration.V1;

namespace Minion.AppHost.Tests.Running;

public sealed class RestartTests
{
    [Fact]
    public async Task What_was_there_before_a_restart_of_everything_is_there_after_it()
    {
        using var folder = new TestFolder();
        string agent;
        await using (var first = await TestApplication.StartAsync(folder.Data))
        {
            await new ClusterService.ClusterServiceClient(first.Connect()).ApplyClusterAsync(new ApplyClusterRequest
            {
                Content = """
                    apiVersion: minion.dev/v1
                    kind: AgentCluster
                    metadata: { name: restart }
                    models: [ { name: echo, provider: scripted, script: { otherwise: still here } } ]
                    agents: [ { name: echo, instructions: Answers., model: echo, behaviour: direct } ]
                    """,
                Source = "restart.yaml",
            });
            agent = await first.StartRunAsync("echo", "hello");
            await first.EndAsync(agent);
        }

        await using var second = await TestApplication.StartAsync(folder.Data);

        (await second.EndAsync(agent)).Output.ShouldBe("still here");
        (await second.EndAsync(await second.StartRunAsync("echo", "hello"))).Output.ShouldBe("still here");
    }
}
