using System.Text.Json.Nodes;
using Aspire.Hosting.Testing;
using Minion.Contracts.Orchestration.V1;
using Minion.Testing.Node;

namespace Minion.AppHost.Tests.Running;

/// <summary>The client in another language that is also run against one process: it sees no difference.</summary>
[Collection(ApplicationCollection.Name)]
public sealed class GrpcJsTests(ApplicationFixture fixture)
{
    private const string Answer = "one two three four five six seven eight nine ten";

    [Fact]
    public async Task A_grpc_js_client_resumes_a_watch_by_sequence_number_and_gets_each_entry_once()
    {
        await new ClusterService.ClusterServiceClient(fixture.Application.Connect()).ApplyClusterAsync(new ApplyClusterRequest
        {
            Content = $$"""
                apiVersion: minion.dev/v1
                kind: AgentCluster
                metadata: { name: from-js }
                models:
                  - name: counting
                    provider: scripted
                    script:
                      delay: 20ms
                      rules:
                        - match: 'count'
                          calls: [ { tool: notes_add, arguments: { text: 'counting' } } ]
                          say: '{{Answer}}'
                      otherwise: 'Say count.'
                """,
            Source = "from-js.yaml",
        });
        var address = fixture.Application.App.GetEndpoint("orchestration", "grpc").Authority;

        var output = await new NodeProgram(Sources("tests", "Minion.EndToEnd.Tests", "node"))
            .RunAsync("client.js", address, Sources("src", "Minion.Contracts", "protos"), "from-js", "counting");

        var seen = JsonNode.Parse(output)!;
        var first = seen["first"]!.AsArray().Select(s => s!.GetValue<int>()).ToList();
        var second = seen["second"]!.AsArray().Select(s => s!.GetValue<int>()).ToList();
        first.ShouldBe([1, 2]);
        first.Concat(second).ShouldBe(Enumerable.Range(1, seen["last"]!.GetValue<int>()));
        seen["output"]!.GetValue<string>().ShouldBe(Answer);
        seen["refused"]!.GetValue<int>().ShouldBe((int)Grpc.Core.StatusCode.InvalidArgument);
    }

    private static string Sources(params string[] parts)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Minion.sln")))
        {
            root = root.Parent;
        }

        return Path.Combine([root.FullName, .. parts]);
    }
}
