using System.CommandLine;
using System.Text.Json.Nodes;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class ExportVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("name") { Description = "The cluster; the only one, or with --to all, unless it is named.", Arity = ArgumentArity.ZeroOrOne };
        var to = new Option<string?>("--to") { Description = "A folder that gets a file for each cluster, NAME.yaml.", HelpName = "folder" };
        return new Command("export", "Writes clusters as files that, applied, change nothing.") { name, to }
            .Does(terminal, (invocation, cancellation) => ExportAsync(invocation, invocation.Get(name), invocation.Get(to), cancellation));
    }

    private static async Task<int> ExportAsync(Invocation invocation, string? name, string? folder, CancellationToken cancellation)
    {
        var terminal = invocation.Terminal;
        using var connection = invocation.Connect();
        var names = name is not null ? [name] : await NamesAsync(connection, cancellation);
        if (folder is null && names.Count != 1)
        {
            throw names.Count == 0
                ? new CliFailure(ExitCodes.Refused, "no_clusters", "There are no clusters: agents that were made otherwise belong to none.", "minion apply -f FILE makes one.")
                : new CliFailure(ExitCodes.Usage, "usage", $"Which cluster? There are {string.Join(", ", names)}.", "minion export NAME, or --to FOLDER for all of them");
        }

        var written = new JsonArray();
        foreach (var cluster in names)
        {
            var answer = await connection.Clusters.ExportClusterAsync(new ExportClusterRequest { Name = cluster }, connection.Call(cancellation));
            if (folder is null)
            {
                if (invocation.Json)
                {
                    terminal.Document(answer);
                }
                else
                {
                    terminal.Out.Write(answer.Content);
                }

                return ExitCodes.Ok;
            }

            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, cluster + ".yaml");
            await File.WriteAllTextAsync(file, answer.Content, cancellation);
            written.Add((JsonNode)file);
            if (!invocation.Json)
            {
                terminal.Out.WriteLine(file);
            }
        }

        if (invocation.Json)
        {
            terminal.Document(written);
        }

        return ExitCodes.Ok;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(Connection connection, CancellationToken cancellation)
    {
        var request = new ListClustersRequest();
        var clusters = await Paging.ReadAsync(10_000, async (size, token) =>
        {
            (request.PageSize, request.PageToken) = (size, token);
            var page = await connection.Clusters.ListClustersAsync(request, connection.Call(cancellation));
            return (page.Clusters, page.NextPageToken);
        });
        return [.. clusters.Select(c => c.Name)];
    }
}
