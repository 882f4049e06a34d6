using System.CommandLine;
using Minion.Contracts.Servers;

namespace Minion.Cli.Local;

internal static class DataFolders
{
    public static Option<string?> Option() => new("--data")
    {
        Description = $"The data folder. Default: MINION_DATA, else {DataFolder.Default}.",
        HelpName = "folder",
    };

    public static string Resolve(Invocation invocation, Option<string?> option)
    {
        var given = invocation.Get(option) ?? invocation.Terminal.Environment("MINION_DATA");
        return Path.GetFullPath(string.IsNullOrWhiteSpace(given) ? DataFolder.Default : given);
    }

    public static string LogFile(string dataFolder) => Path.Combine(dataFolder, "logs", "server.log");

    /// <summary>
    /// The server that runs on the folder; null when none does. A note whose process is gone, or is another program by now, does not
    /// count: <paramref name="stale"/> is set then.
    /// </summary>
    public static RunningServer? Running(string dataFolder, out bool stale)
    {
        var note = RunningServer.Read(dataFolder);
        var lives = note is not null && Processes.IsServer(note.Pid);
        stale = note is not null && !lives;
        return lives ? note : null;
    }
}
