using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Tools;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

/// <summary><c>tools</c> alone lists them; below it is what can be done with them.</summary>
internal static class ToolsVerb
{
    private static readonly string[] Statuses = ["draft", "review", "approved", "deprecated"];

    public static Command Create(Terminal terminal)
    {
        var tools = List("tools", "Lists the tools that agents may call; approves, deprecates, calls and audits them.", terminal);
        tools.Add(List("list", "The same as minion tools.", terminal));
        foreach (var verb in Below)
        {
            tools.Add(verb(terminal));
        }

        return tools;
    }

    private static IReadOnlyList<Func<Terminal, Command>> Below { get; } =
    [
        Search,
        Show,
        ToolsCallVerb.Create,
        terminal => ToolsStatusCommands.Create(terminal, "review", ToolStatus.Review, "Puts a tool to review: nobody may call it until it is approved."),
        terminal => ToolsStatusCommands.Create(terminal, "approve", ToolStatus.Approved, "Approves a tool that is in review, as it is now."),
        ToolsStatusCommands.Deprecate,
        ToolsUsageVerb.Create,
        ToolsAuditVerb.Create,
        ToolsImportVerb.Create,
        ToolsSourcesVerb.Create,
        ToolsPoliciesVerb.Create,
    ];

    public static Argument<string> Name() => new("tool") { Description = "The tool's name; with a version: name@1.2." };

    private static Command List(string name, string description, Terminal terminal)
    {
        var query = new Option<string?>("--query", "-q") { Description = "Words in the name, description, category, owner or tags.", HelpName = "words" };
        var status = new Option<string?>("--status") { Description = $"Only those that are {string.Join(", ", Statuses)}; unless given those that can be called.", HelpName = "status" };
        status.AcceptOnlyFromAmong(Statuses);
        var category = new Option<string?>("--category") { Description = "Only this category.", HelpName = "name" };
        var source = new Option<string?>("--source") { Description = "Only this source's.", HelpName = "name" };
        var tag = new Option<string?>("--tag") { Description = "Only those with this tag.", HelpName = "tag" };
        var versions = new Option<bool>("--versions") { Description = "All versions, not only the latest of each." };
        var limit = Paging.Limit();
        return new Command(name, description) { query, status, category, source, tag, versions, limit }
            .Does(terminal, (invocation, cancellation) => ListAsync(
                invocation,
                new ListToolsRequest
                {
                    Query = invocation.Get(query) ?? "",
                    Status = invocation.Get(status) is { } word ? Enum.Parse<ToolStatus>(word, ignoreCase: true) : ToolStatus.Unspecified,
                    Category = invocation.Get(category) ?? "",
                    Source = invocation.Get(source) ?? "",
                    Tag = invocation.Get(tag) ?? "",
                    AllVersions = invocation.Get(versions),
                },
                invocation.Get(limit),
                cancellation));
    }

    private static Command Search(Terminal terminal)
    {
        var words = new Argument<string[]>("words") { Description = "All must occur in the name, description, category, owner or tags.", Arity = ArgumentArity.OneOrMore };
        var limit = Paging.Limit();
        return new Command("search", "Finds tools by words.") { words, limit }
            .Does(terminal, (invocation, cancellation) => ListAsync(
                invocation, new ListToolsRequest { Query = string.Join(' ', invocation.Get(words) ?? []) }, invocation.Get(limit), cancellation));
    }

    private static Command Show(Terminal terminal)
    {
        var name = Name();
        return new Command("show", "Shows a tool with its schemas and versions, also one that is not approved yet.") { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var (tool, version) = ToolOutput.Split(invocation.Get(name)!);
                var response = await connection.ToolRegistry.ListToolVersionsAsync(new ListToolVersionsRequest { Name = tool }, connection.Call(cancellation));
                var versions = response.Versions.Where(v => version.Length == 0 || v.Tool.Version == version).ToList();
                if (versions.Count == 0)
                {
                    throw new CliFailure(ExitCodes.Failed, "not_found", $"'{tool}' has no version '{version}'.", $"minion tools show {tool} shows what there is.");
                }

                if (invocation.Json)
                {
                    terminal.Document(JsonOutput.Nodes(versions));
                }
                else
                {
                    ToolOutput.Show(terminal, versions);
                }

                return ExitCodes.Ok;
            });
    }

    private static async Task<int> ListAsync(Invocation invocation, ListToolsRequest request, int limit, CancellationToken cancellation)
    {
        using var connection = invocation.Connect();
        var tools = await Paging.ReadAsync(limit, async (size, token) =>
        {
            (request.PageSize, request.PageToken) = (size, token);
            var page = await connection.Tools.ListToolsAsync(request, connection.Call(cancellation));
            return (page.Tools, page.NextPageToken);
        });
        Paging.Write(invocation, tools, ["tool", "version", "status", "effect", "source", "description"], ToolOutput.Row, "No tools.");
        return ExitCodes.Ok;
    }
}
