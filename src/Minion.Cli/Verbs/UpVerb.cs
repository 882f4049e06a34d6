using System.CommandLine;
using System.Runtime.InteropServices;
using Minion.Cli.Local;
using Minion.Cli.Output;
using Minion.Contracts.Servers;

namespace Minion.Cli.Verbs;

internal static class UpVerb
{
    private static readonly Option<string?> Data = DataFolders.Option();
    private static readonly Option<int?> Http = new("--http") { Description = "The port for HTTP; 0 takes a free one. Default: 5080.", HelpName = "port" };
    private static readonly Option<int?> Grpc = new("--grpc") { Description = "The port for gRPC; 0 takes a free one. Default: 5081.", HelpName = "port" };
    private static readonly Option<bool> Detach = new("--detach", "-d") { Description = "Returns when the server is ready; minion down stops it." };

    public static Command Create(Terminal terminal) =>
        new Command("up", "Starts the server with everything that it needs, until Ctrl-C.") { Data, Http, Grpc, Detach }.Does(terminal, UpAsync);

    private static async Task<int> UpAsync(Invocation invocation, CancellationToken cancellation)
    {
        var terminal = invocation.Terminal;
        var folder = DataFolders.Resolve(invocation, Data);
        if (DataFolders.Running(folder, out _) is { } other)
        {
            throw new CliFailure(
                ExitCodes.AlreadyRunning,
                "already_running",
                $"Minion is running already on {folder}: process {other.Pid}, HTTP at {other.Http}, gRPC at {other.Grpc}.",
                $"Use that one, stop it with {Down(invocation, folder)}, or give this one another folder with --data DIR and ports with --http and --grpc.");
        }

        var detach = invocation.Get(Detach);
        using var server = ServerProcess.Start(Installation.Server(terminal), folder, Arguments(invocation));
        using var stop = detach ? null : new StopOnSignal(terminal, server);
        var note = await ReadyAsync(terminal, server, folder, cancellation);
        var applied = await FirstCluster.ApplyAsync(terminal, note, folder, cancellation);
        UpReport.Write(invocation, note, folder, server.LogFile, applied, detach ? Down(invocation, folder) : null);
        return detach ? ExitCodes.Ok : await UntilItEndsAsync(server, stop!);
    }

    /// <summary>The command that stops this server.</summary>
    private static string Down(Invocation invocation, string folder) =>
        invocation.Get(Data) is null ? "./minion down" : $"./minion down --data {folder}";

    private static IEnumerable<string> Arguments(Invocation invocation)
    {
        foreach (var (option, name) in new[] { (Http, "--http"), (Grpc, "--grpc") })
        {
            if (invocation.Get(option) is { } port)
            {
                yield return name;
                yield return port.ToString();
            }
        }
    }

    private static async Task<RunningServer> ReadyAsync(Terminal terminal, ServerProcess server, string folder, CancellationToken cancellation)
    {
        using var progress = new ProgressLine(terminal, $"Starting Minion on {folder}");
        var note = await server.ReadyAsync(progress.Update, terminal.Time, cancellation);
        progress.Done("ready");
        return note;
    }

    private static async Task<int> UntilItEndsAsync(ServerProcess server, StopOnSignal stop)
    {
        await server.Ended;
        if (stop.Asked)
        {
            stop.Terminal.Error.WriteLine(server.ExitCode == 0 ? "Stopped." : $"Stopped (exit code {server.ExitCode}).");
            return server.ExitCode == 0 || stop.AskedTwice ? ExitCodes.Ok : ExitCodes.Failed;
        }

        throw server.WhyItEnded("ended by itself");
    }

    /// <summary>Hands Ctrl-C, SIGTERM and SIGHUP on to the server, which drains; a second one ends it at once.</summary>
    private sealed class StopOnSignal : IDisposable
    {
        private readonly ServerProcess _server;

        public StopOnSignal(Terminal terminal, ServerProcess server)
        {
            (Terminal, _server) = (terminal, server);
            terminal.Interrupts.Handler = Received;
        }

        public Terminal Terminal { get; }

        public bool Asked { get; private set; }

        public bool AskedTwice { get; private set; }

        public void Dispose() => Terminal.Interrupts.Handler = null;

        private bool Received(PosixSignal signal)
        {
            AskedTwice = Asked;
            Asked = true;
            Terminal.Error.WriteLine();
            Terminal.Error.WriteLine(AskedTwice ? "Ending at once." : "Stopping: what is under way gets time to finish. Ctrl-C again ends it at once.");
            Processes.Signal(_server.Id, AskedTwice ? Processes.Kill : Processes.Terminate);
            return true;
        }
    }
}
