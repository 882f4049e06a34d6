using System.Text.Json.Nodes;
using Minion.Cli.Output;
using Minion.Contracts.Servers;

namespace Minion.Cli.Local;

/// <summary>Where things are, and what to type next.</summary>
internal static class UpReport
{
    /// <param name="invocation">The command.</param>
    /// <param name="server">The server.</param>
    /// <param name="folder">Its data folder.</param>
    /// <param name="logFile">Its log.</param>
    /// <param name="applied">What was applied the first time.</param>
    /// <param name="down">The command that stops it; null when Ctrl-C does.</param>
    public static void Write(Invocation invocation, RunningServer server, string folder, string logFile, string? applied, string? down)
    {
        var terminal = invocation.Terminal;
        if (invocation.Json)
        {
            terminal.Line(new JsonObject
            {
                ["pid"] = server.Pid,
                ["http"] = server.Http,
                ["grpc"] = server.Grpc,
                ["version"] = server.Version,
                ["data_folder"] = folder,
                ["log_file"] = logFile,
                ["applied"] = applied,
            });
            return;
        }

        if (applied is not null)
        {
            terminal.Out.WriteLine(applied);
        }

        terminal.Out.WriteLine();
        terminal.Bold($"Minion {server.Version} is up.");
        terminal.Out.WriteLine();
        terminal.Properties(("  HTTP", $"{server.Http}  (/health, /metrics)"), ("  gRPC", server.Grpc), ("  data", folder), ("  log", logFile));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(down is not null ? "Next:" : "Next, in another terminal:");
        if (new Uri(server.Grpc).Port != new Uri(SharedOptions.DefaultServer).Port)
        {
            terminal.Out.WriteLine($"  export MINION_SERVER={server.Grpc}");
        }

        terminal.Out.WriteLine("  ./minion chat hello    talk with the first agent: what is 17.5 % of 2,340 and what time is it in Tokyo?");
        terminal.Out.WriteLine("  ./minion status        what the server is doing");
        terminal.Out.WriteLine("  ./minion doctor        what to set for a real model");
        terminal.Out.WriteLine(down is null ? "Ctrl-C stops it." : $"  {down,-21}  stop it");
        terminal.Out.Flush();
    }
}
