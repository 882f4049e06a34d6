using System.Diagnostics;
using Minion.Contracts.Servers;

namespace Minion.Cli.Local;

/// <summary>The server as a process that this one has started.</summary>
internal sealed class ServerProcess : IDisposable
{
    // exec: the shell becomes the server, so that the number of the process is the server's.
    private const string Script = "exec \"$0\" \"$@\" </dev/null >>\"$MINION_LOG_FILE\" 2>&1";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly string _dataFolder;
    private readonly long _logStart;

    private ServerProcess(Process process, string dataFolder, string logFile, long logStart)
    {
        _process = process;
        _dataFolder = dataFolder;
        LogFile = logFile;
        _logStart = logStart;
    }

    public int Id => _process.Id;

    public string LogFile { get; }

    public Task Ended => _process.WaitForExitAsync();

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a server on a data folder.</summary>
    /// <param name="program">The server's executable.</param>
    /// <param name="dataFolder">Its data folder; made when it is not there.</param>
    /// <param name="arguments">Further arguments.</param>
    /// <exception cref="CliFailure">The log file cannot be written.</exception>
    public static ServerProcess Start(string program, string dataFolder, IEnumerable<string> arguments)
    {
        var log = DataFolders.LogFile(dataFolder);
        try
        {
            DataFolder.Create(dataFolder);
            ServerLog.Prepare(log);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(
                ExitCodes.Failed,
                "data_folder",
                $"The data folder {dataFolder} cannot be used: {exception.Message}",
                "Make it writable for this user, or choose another one with --data DIR.");
        }

        // A session of its own: the terminal's Ctrl-C reaches this process only, which hands it on. Twice it would be "end at once".
        var start = new ProcessStartInfo(File.Exists("/usr/bin/setsid") ? "/usr/bin/setsid" : "/bin/sh") { UseShellExecute = false };
        foreach (var argument in (string[])[.. start.FileName == "/bin/sh" ? [] : (string[])["/bin/sh"], "-c", Script, program, "--data", dataFolder, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["MINION_LOG_FILE"] = log;
        var length = ServerLog.Length(log);
        return new ServerProcess(Process.Start(start)!, dataFolder, log, length);
    }

    /// <summary>Waits until the server is ready.</summary>
    /// <param name="progress">Told every now and then what the server says last.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops waiting; the server goes on.</param>
    /// <exception cref="CliFailure">It ended instead, or took too long; the message is what it said.</exception>
    public async Task<RunningServer> ReadyAsync(Action<string> progress, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (RunningServer.Read(_dataFolder) is { } note && note.Pid == Id)
            {
                return note;
            }

            if (_process.HasExited)
            {
                throw WhyItEnded("did not start");
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                throw new CliFailure(
                    ExitCodes.Failed, "not_ready", $"The server (process {Id}) is not ready after {Patience.TotalMinutes:0} minutes.", $"Its log: {LogFile}");
            }

            progress(ServerLog.Tail(LogFile, 1, _logStart).LastOrDefault() ?? "");
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation);
        }
    }

    /// <summary>The server's own last words.</summary>
    public CliFailure WhyItEnded(string what)
    {
        var lines = ServerLog.WhyItEnded(LogFile, _logStart);
        const string Mark = "minion: ";
        var said = lines.Count > 0 && lines[0].StartsWith(Mark, StringComparison.Ordinal)
            ? string.Join('\n', lines.Select(l => l.Trim()))[Mark.Length..]
            : $"The server {what} (exit code {_process.ExitCode}). It said last:\n" + string.Join('\n', lines.DefaultIfEmpty("(nothing)").Select(l => "  " + l));
        return new CliFailure(ExitCodes.Failed, "server_ended", said, $"The whole log: {LogFile}");
    }

    public void Dispose() => _process.Dispose();
}
