using System.CommandLine;
using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Local;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class ApplyVerb
{
    public static Command Create(Terminal terminal)
    {
        var file = new Option<string?>("--file", "-f") { Description = "The file (YAML or JSON); - reads the standard input.", HelpName = "file" };
        var named = new Argument<string?>("file") { Description = "As --file.", Arity = ArgumentArity.ZeroOrOne };
        var dryRun = new Option<bool>("--dry-run") { Description = "Says what would change, and changes nothing." };
        return new Command("apply", "Makes agents and models what a cluster file says.") { named, file, dryRun }
            .Does(terminal, (invocation, cancellation) => ApplyAsync(
                invocation,
                invocation.Get(file) ?? invocation.Get(named) ?? throw new CliFailure(ExitCodes.Usage, "usage", "Which file?", "minion apply --file FILE"),
                invocation.Get(dryRun),
                cancellation));
    }

    private static async Task<int> ApplyAsync(Invocation invocation, string file, bool dryRun, CancellationToken cancellation)
    {
        var request = await ClusterFiles.ReadAsync(invocation.Terminal, file, dryRun, cancellation);
        using var connection = invocation.Connect();
        ApplyClusterResponse response;
        try
        {
            response = await connection.Clusters.ApplyClusterAsync(request, connection.Call(cancellation));
        }
        catch (RpcException exception) when (!invocation.Json)
        {
            throw ClusterFiles.InPlaces(Refusals.Explain(exception, connection.Address), request.Source);
        }

        if (invocation.Json)
        {
            invocation.Terminal.Document(response);
            return ExitCodes.Ok;
        }

        foreach (var change in response.Changes)
        {
            invocation.Terminal.Out.WriteLine(ClusterFiles.Describe(change, dryRun));
        }

        if (response.Changes.All(c => c.Action == Change.Types.Action.Unchanged))
        {
            invocation.Terminal.Out.WriteLine($"Cluster {response.Cluster} is as the file says: nothing to change.");
        }

        return ExitCodes.Ok;
    }
}
