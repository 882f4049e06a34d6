using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

internal static class GetTools
{
    public static Command List(Terminal terminal)
    {
        var query = new Option<string?>("--query", "-q") { Description = "Words in the name, description or category.", HelpName = "words" };
        var limit = Paging.Limit();
        return new Command("tools", "Lists the tools that agents may name: those of the server and its sources, and those that do something with the run itself (run_agent, ask_person, …).") { query, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListToolsRequest { Query = invocation.Get(query) ?? "" };
                var tools = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.Tools.ListToolsAsync(request, connection.Call(cancellation));
                    return (page.Tools, page.NextPageToken);
                });
                var own = await connection.Agents.ListEngineToolsAsync(new ListEngineToolsRequest { Query = request.Query }, connection.Call(cancellation));
                tools = [.. tools.Concat(own.Tools).Take(invocation.Get(limit))];
                Paging.Write(invocation, tools, ["tool", "version", "effect", "category", "description"], Row, "No tools.");
                return ExitCodes.Ok;
            });
    }

    public static Command One(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "The tool's name." };
        return new Command("tool", "Shows a tool.") { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var own = await connection.Agents.ListEngineToolsAsync(new ListEngineToolsRequest(), connection.Call(cancellation));
                var tool = own.Tools.FirstOrDefault(t => t.Name == invocation.Get(name))
                    ?? (await connection.Tools.GetToolAsync(new GetToolRequest { Name = invocation.Get(name)! }, connection.Call(cancellation))).Tool;
                if (invocation.Json)
                {
                    invocation.Terminal.Document(tool);
                }
                else
                {
                    Show(invocation.Terminal, tool);
                }

                return ExitCodes.Ok;
            });
    }

    private static string[] Row(Tool tool) => [tool.Name, tool.Version, Effects.Word(tool.Effect), tool.Category, Phrases.Short(tool.Description, 70)];

    private static void Show(Terminal terminal, Tool tool) => terminal.Properties(
        ("tool", tool.Name),
        ("version", tool.Version),
        ("status", Phrases.Word(tool.Status)),
        ("effect", Effects.Word(tool.Effect)),
        ("category", tool.Category),
        ("owner", tool.Owner),
        ("timeout", tool.TimeoutMs > 0 ? Phrases.For(TimeSpan.FromMilliseconds(tool.TimeoutMs)) : ""),
        ("permissions", string.Join(", ", tool.Permissions)),
        ("instead", tool.Replacement),
        ("description", tool.Description),
        ("input", tool.InputSchema),
        ("output", tool.OutputSchema));

    private static class Effects
    {
        public static string Word(Effect effect) => effect switch
        {
            Effect.ReadOnly => "reads only",
            Effect.Idempotent => "idempotent",
            Effect.SideEffect => "side effect",
            _ => "",
        };
    }
}
