using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Servers;

namespace Minion.Cli.Local;

/// <summary>A new data folder gets the agent of examples/hello, once: whoever removes it does not find it again.</summary>
internal static class FirstCluster
{
    private const string Marker = "hello-applied";

    /// <returns>What was done, for people; null when there was nothing to do.</returns>
    public static async Task<string?> ApplyAsync(Terminal terminal, RunningServer server, string dataFolder, CancellationToken cancellation)
    {
        var marker = Path.Combine(dataFolder, Marker);
        if (File.Exists(marker) || Installation.Find(Installation.HelloCluster) is not { } file)
        {
            return null;
        }

        try
        {
            using var connection = new Connection(new Uri(server.Grpc), terminal.Environment("MINION_API_KEY"), terminal.Time);
            var request = await ClusterFiles.ReadAsync(terminal, file, dryRun: false, cancellation);
            request.Source = Installation.HelloCluster;
            var response = await connection.Clusters.ApplyClusterAsync(request, connection.Call(cancellation));
            await File.WriteAllTextAsync(marker, "examples/hello/cluster.yaml was applied; minion up does not do it again.\n", cancellation);
            return $"Applied {Installation.HelloCluster}: {string.Join(", ", response.Changes.Select(c => $"{c.Kind} {c.Name}"))}.";
        }
        catch (RpcException exception)
        {
            var failure = Refusals.Explain(exception, server.Grpc);
            return $"{Installation.HelloCluster} was not applied: {failure.Message}";
        }
    }
}
