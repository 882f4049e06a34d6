using System.Reflection;
using Minion.Contracts.Servers;
using Minion.Server.Listening;

namespace Minion.Server.Start;

/// <summary>Leaves the note for the command line when the server is ready, and takes it away at the end.</summary>
internal sealed class RunningServerNote(
    DataFolderLock folder, Ports ports, TimeProvider time, ILogger<RunningServerNote> logger) : IHostedLifecycleService
{
    public static string Version { get; } =
        typeof(RunningServerNote).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var note = new RunningServer(
            Environment.ProcessId, ports.Http, ports.Grpc, time.GetUtcNow(), Version, Environment.GetEnvironmentVariable("MINION_LOG_FILE"));
        note.Write(folder.Path);
        logger.Ready(note.Http, note.Grpc, folder.Path);
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        RunningServer.Remove(folder.Path);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
