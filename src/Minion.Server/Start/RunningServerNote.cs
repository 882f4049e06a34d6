using System.Reflection;
using Minion.Contracts.Servers;
using Minion.Server.Listening;
using Minion.Server.Options;

namespace Minion.Server.Start;

/// <summary>
/// Says when the server is ready. Where it owns the data folder it leaves the note for the command line there, and takes it away at the end.
/// </summary>
internal sealed class RunningServerNote(
    ServerOptions options, Ports ports, TimeProvider time, ILogger<RunningServerNote> logger, DataFolderLock? folder = null) : IHostedLifecycleService
{
    public static string Version { get; } =
        typeof(RunningServerNote).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private bool IsLeft => folder is not null && !options.IsPostgres;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var note = new RunningServer(
            Environment.ProcessId, ports.Http, ports.Grpc, time.GetUtcNow(), Version, Environment.GetEnvironmentVariable("MINION_LOG_FILE"));
        if (IsLeft)
        {
            note.Write(options.DataFolder);
        }

        logger.Ready(note.Http, note.Grpc, options.DataFolder);
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (IsLeft)
        {
            RunningServer.Remove(options.DataFolder);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
