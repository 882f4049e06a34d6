using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Tools;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

/// <summary>Where tools come from.</summary>
internal static class ToolsSourcesVerb
{
    public static Command Create(Terminal terminal)
    {
        var sources = List("sources", "Lists where tools come from besides the server itself.", terminal);
        sources.Add(List("list", "The same as minion tools sources.", terminal));
        sources.Add(Show(terminal));
        sources.Add(Add(terminal));
        sources.Add(Remove(terminal));
        sources.Add(ToolsSourcesAuthorizeVerb.Create(terminal));
        return sources;
    }

    private static Argument<string> Name() => new("source") { Description = "The source's name." };

    private static Command List(string name, string description, Terminal terminal)
    {
        var limit = Paging.Limit();
        return new Command(name, description) { limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var sources = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    var page = await connection.ToolRegistry.ListSourcesAsync(new ListSourcesRequest { PageSize = size, PageToken = token }, connection.Call(cancellation));
                    return (page.Sources, page.NextPageToken);
                });
                Paging.Write(invocation, sources, ["source", "kind", "state", "tools", "cluster", "detail"], Row, "No sources.");
                return ExitCodes.Ok;
            });
    }

    private static Command Show(Terminal terminal)
    {
        var name = Name();
        return new Command("show", "Shows a source and its tools; connects to it when nobody has yet.") { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.ToolRegistry.GetSourceAsync(new GetSourceRequest { Name = invocation.Get(name)! }, connection.Call(cancellation, TimeSpan.FromMinutes(1)));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    var source = response.Source;
                    terminal.Properties(
                        ("source", source.Name), ("kind", source.Kind), ("state", Phrases.Word(source.State)), ("detail", source.Detail), ("cluster", source.Cluster),
                        ("settings", source.Settings), ("policy", source.Policy is null ? "" : JsonOutput.Brief(source.Policy)));
                    terminal.Out.WriteLine();
                    terminal.Table(["tool", "version", "status", "effect", "source", "description"], response.Tools.Select(ToolOutput.Row), "No tools.");
                }

                return ExitCodes.Ok;
            });
    }

    private static Command Add(Terminal terminal)
    {
        var name = Name();
        var kind = new Argument<string>("kind") { Description = "mcp, http, openapi, websocket, grpc, sql, …" };
        var settings = new Argument<string>("settings") { Description = "JSON: what stands under the kind's key in YAML. - reads it from standard input. Secrets are references: ${NAME_TOKEN}." };
        return new Command("add", "Adds a source, or changes that of the same name; one of a cluster is changed in the cluster's file.") { name, kind, settings }
            .Does(terminal, async (invocation, cancellation) =>
            {
                var given = invocation.Get(settings)!;
                var source = new ToolSource
                {
                    Name = invocation.Get(name)!,
                    Kind = invocation.Get(kind)!,
                    Settings = given == "-" ? await terminal.In.ReadToEndAsync(cancellation) : given,
                };
                using var connection = invocation.Connect();
                var response = await connection.ToolRegistry.SetSourceAsync(new SetSourceRequest { Source = source }, connection.Call(cancellation));
                invocation.Done(response.Source, $"source {response.Source.Name} declared");
                return ExitCodes.Ok;
            });
    }

    private static Command Remove(Terminal terminal)
    {
        var name = Name();
        return new Command("remove", "Removes a source with its tools.") { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.ToolRegistry.RemoveSourceAsync(new RemoveSourceRequest { Name = invocation.Get(name)! }, connection.Call(cancellation));
                invocation.Done(response, $"source {invocation.Get(name)} removed");
                return ExitCodes.Ok;
            });
    }

    private static string[] Row(ToolSource source) =>
        [source.Name, source.Kind, Phrases.Word(source.State), Phrases.Count(source.Tools), source.Cluster, Phrases.Short(source.Detail, 80)];
}
