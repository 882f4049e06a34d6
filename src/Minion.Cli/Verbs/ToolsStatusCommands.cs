using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Tools;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

/// <summary>draft → review → approved → deprecated.</summary>
internal static class ToolsStatusCommands
{
    public static Command Create(Terminal terminal, string verb, ToolStatus status, string description)
    {
        var name = ToolsVerb.Name();
        var (note, hash) = (Note(), Hash());
        return new Command(verb, description) { name, note, hash }
            .Does(terminal, (invocation, cancellation) => SetAsync(
                invocation,
                new SetToolStatusRequest { Name = invocation.Get(name)!, Status = status, Note = invocation.Get(note) ?? "", Hash = invocation.Get(hash) ?? "" },
                cancellation));
    }

    public static Command Deprecate(Terminal terminal)
    {
        var name = ToolsVerb.Name();
        var instead = new Option<string>("--use") { Description = "The tool to use instead.", HelpName = "tool", Required = true };
        var (note, hash) = (Note(), Hash());
        return new Command("deprecate", "Deprecates a tool: it can still be called, and models are told what to use instead.") { name, instead, note, hash }
            .Does(terminal, (invocation, cancellation) => SetAsync(
                invocation,
                new SetToolStatusRequest
                {
                    Name = invocation.Get(name)!,
                    Status = ToolStatus.Deprecated,
                    Replacement = invocation.Get(instead)!,
                    Note = invocation.Get(note) ?? "",
                    Hash = invocation.Get(hash) ?? "",
                },
                cancellation));
    }

    private static Option<string?> Note() => new("--note") { Description = "Why.", HelpName = "text" };

    private static Option<string?> Hash() => new("--hash") { Description = "What was looked at, from minion tools show: nothing is changed when the tool is another by now.", HelpName = "hash" };

    private static async Task<int> SetAsync(Invocation invocation, SetToolStatusRequest request, CancellationToken cancellation)
    {
        (request.Name, request.Version) = ToolOutput.Split(request.Name);
        using var connection = invocation.Connect();
        var version = (await connection.ToolRegistry.SetToolStatusAsync(request, connection.Call(cancellation))).Version;
        invocation.Done(version, $"tool {version.Tool.Name}@{version.Tool.Version} {Phrases.Word(version.Tool.Status)}");
        return ExitCodes.Ok;
    }
}
