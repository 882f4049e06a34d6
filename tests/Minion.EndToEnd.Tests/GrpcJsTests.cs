using System.Text.Json.Nodes;
using Minion.EndToEnd.Tests.Clusters;
using Minion.EndToEnd.Tests.Programs;
using Minion.Testing.Node;

namespace Minion.EndToEnd.Tests;

/// <summary>A client in another language, made from the .proto files alone.</summary>
[Collection(SharedServerCollection.Name)]
public sealed class GrpcJsTests(SharedServer server)
{
    [Fact]
    public async Task A_grpc_js_client_resumes_a_watch_by_sequence_number_and_gets_each_entry_once()
    {
        await server.Installation.ApplyAsync(SlowCluster.Yaml(milliseconds: 20));
        var address = new Uri(server.Installation.Note!.Grpc).Authority;
        var output = await new NodeProgram(Repository.Folder("tests", "Minion.EndToEnd.Tests", "node"))
            .RunAsync("client.js", address, Repository.Folder("src", "Minion.Contracts", "protos"), "from-js", "slow");

        var seen = JsonNode.Parse(output)!;
        var first = seen["first"]!.AsArray().Select(s => s!.GetValue<int>()).ToList();
        var second = seen["second"]!.AsArray().Select(s => s!.GetValue<int>()).ToList();
        seen["version"]!.GetValue<int>().ShouldBe(1);
        first.ShouldBe([1, 2]);
        first.Concat(second).ShouldBe(Enumerable.Range(1, seen["last"]!.GetValue<int>()));
        seen["output"]!.GetValue<string>().ShouldBe(SlowCluster.Answer);
        seen["refused"]!.GetValue<int>().ShouldBe((int)Grpc.Core.StatusCode.InvalidArgument);
    }
}
