using System.CommandLine;
using System.Text.Json.Nodes;
using Minion.Cli.Local;
using Minion.Cli.Output;
using Minion.Contracts.Servers;

namespace Minion.Cli.Verbs;

internal static class LogsVerb
{
    public static Command Create(Terminal terminal)
    {
        var data = DataFolders.Option();
        var follow = new Option<bool>("--follow", "-f") { Description = "Goes on with what is written, until Ctrl-C." };
        var lines = new Option<int>("--lines", "-n") { Description = "How many of the last lines.", HelpName = "number", DefaultValueFactory = _ => 100 };
        return new Command("logs", "Shows the log of the server of a data folder.") { data, follow, lines }
            .Does(terminal, (invocation, cancellation) =>
                ShowAsync(invocation, DataFolders.Resolve(invocation, data), invocation.Get(lines), invocation.Get(follow), cancellation));
    }

    private static async Task<int> ShowAsync(Invocation invocation, string folder, int lines, bool follow, CancellationToken cancellation)
    {
        var file = RunningServer.Read(folder)?.LogFile ?? DataFolders.LogFile(folder);
        if (!File.Exists(file))
        {
            throw new CliFailure(
                ExitCodes.Failed, "no_log", $"There is no log at {file}.", "A server that ./minion up starts writes it; --data DIR names another data folder.");
        }

        foreach (var line in ServerLog.Tail(file, lines))
        {
            Write(invocation, line);
        }

        if (follow)
        {
            await ServerLog.FollowAsync(file, line => Write(invocation, line), invocation.Terminal.Time, cancellation);
        }

        return ExitCodes.Ok;
    }

    private static void Write(Invocation invocation, string line)
    {
        if (invocation.Json)
        {
            invocation.Terminal.Line(new JsonObject { ["line"] = line });
        }
        else
        {
            invocation.Terminal.Out.WriteLine(Phrases.Printable(line));
        }
    }
}
