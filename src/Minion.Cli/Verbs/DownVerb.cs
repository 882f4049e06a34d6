using System.CommandLine;
using System.Text.Json.Nodes;
using Minion.Cli.Local;
using Minion.Cli.Output;
using Minion.Contracts.Servers;

namespace Minion.Cli.Verbs;

internal static class DownVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static Command Create(Terminal terminal)
    {
        var data = DataFolders.Option();
        var force = new Option<bool>("--force") { Description = "Ends it at once; what is under way is picked up at the next start." };
        return new Command("down", "Stops the server of a data folder and waits until it has ended.") { data, force }
            .Does(terminal, (invocation, cancellation) =>
                DownAsync(invocation, DataFolders.Resolve(invocation, data), invocation.Get(force), cancellation));
    }

    private static async Task<int> DownAsync(Invocation invocation, string folder, bool force, CancellationToken cancellation)
    {
        if (DataFolders.Running(folder, out var stale) is not { } server)
        {
            if (stale)
            {
                RunningServer.Remove(folder);
            }

            Report(invocation, stopped: false, stale
                ? $"No server runs on {folder}: the last one ended without saying so."
                : $"No server runs on {folder}.");
            return ExitCodes.Ok;
        }

        using var progress = new ProgressLine(invocation.Terminal, $"Stopping Minion on {folder} (process {server.Pid})");
        Processes.Signal(server.Pid, force ? Processes.Kill : Processes.Terminate);
        if (!await Processes.EndedAsync(server.Pid, Patience, invocation.Terminal.Time, cancellation))
        {
            throw new CliFailure(
                ExitCodes.Failed,
                "still_running",
                $"The server (process {server.Pid}) has not ended within {Patience.TotalSeconds:0} s.",
                "minion logs shows what it waits for; minion down --force ends it at once.");
        }

        if (force)
        {
            RunningServer.Remove(folder);
        }

        progress.Done("stopped");
        if (invocation.Json)
        {
            Report(invocation, stopped: true, "");
        }

        return ExitCodes.Ok;
    }

    private static void Report(Invocation invocation, bool stopped, string sentence)
    {
        if (invocation.Json)
        {
            invocation.Terminal.Document(new JsonObject { ["stopped"] = stopped });
        }
        else
        {
            invocation.Terminal.Out.WriteLine(sentence);
        }
    }
}
