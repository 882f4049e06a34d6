using System.CommandLine;
using System.Reflection;
using System.Text.Json.Nodes;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class VersionVerb
{
    public static string Version { get; } =
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";

    public static Command Create(Terminal terminal)
    {
        var server = new Option<bool>("--with-server") { Description = "Asks the server for its version too." };
        return new Command("version", "Shows the version of the command line and, when asked, of the server.") { server }
            .Does(terminal, (invocation, cancellation) => ShowAsync(invocation, invocation.Get(server), cancellation));
    }

    private static async Task<int> ShowAsync(Invocation invocation, bool withServer, CancellationToken cancellation)
    {
        var served = withServer ? await AskServerAsync(invocation, cancellation) : null;
        if (invocation.Json)
        {
            var document = new JsonObject { ["version"] = Version };
            if (served is not null)
            {
                document["server_version"] = served;
            }

            invocation.Terminal.Document(document);
            return ExitCodes.Ok;
        }

        invocation.Terminal.Out.WriteLine($"minion {Version}");
        if (served is not null)
        {
            invocation.Terminal.Out.WriteLine($"server {served}");
        }

        return ExitCodes.Ok;
    }

    private static async Task<string> AskServerAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var connection = invocation.Connect();
        return (await connection.Status.GetStatusAsync(new GetStatusRequest(), connection.Call(cancellation))).ServerVersion;
    }
}
