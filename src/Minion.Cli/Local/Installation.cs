using Minion.Cli.Output;

namespace Minion.Cli.Local;

/// <summary>Where the parts of Minion stand that this program is one of.</summary>
internal static class Installation
{
    public const string HelloCluster = "examples/hello/cluster.yaml";

    private static readonly string ServerName = OperatingSystem.IsWindows() ? "Minion.Server.exe" : "Minion.Server";

    /// <exception cref="CliFailure">It is nowhere.</exception>
    public static string Server(Terminal terminal)
    {
        if (terminal.Environment("MINION_SERVER_PATH") is { Length: > 0 } given)
        {
            return File.Exists(given)
                ? given
                : throw new CliFailure(ExitCodes.Failed, "server_missing", $"MINION_SERVER_PATH names '{given}', which is not there.", "Correct it, or unset it.");
        }

        var here = AppContext.BaseDirectory;
        string[] places = [Path.Combine(here, "../../Minion.Server/release", ServerName), Path.Combine(here, ServerName), Path.Combine(here, "../server", ServerName)];
        return places.Select(Path.GetFullPath).FirstOrDefault(File.Exists) ?? throw new CliFailure(
            ExitCodes.Failed, "server_missing", $"The server's program is not where it should be ({Path.GetFullPath(places[0])}).", "Start it through ./minion, which builds it; or name it in MINION_SERVER_PATH.");
    }

    /// <summary>A file that comes with Minion, looked for from this program's folder upwards; null when it is not there.</summary>
    public static string? Find(string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, relativePath);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
