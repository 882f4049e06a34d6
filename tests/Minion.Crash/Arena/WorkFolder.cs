namespace Minion.Crash.Arena;

/// <summary>Where everything of this run of the harness is, until it ends.</summary>
internal sealed class WorkFolder : IDisposable
{
    public WorkFolder()
    {
        Path = Directory.CreateTempSubdirectory("minion-crash-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL doesn't run as root: its user must get through.
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        }
    }

    public string Path { get; }

    /// <summary>Copies the servers' logs to where they stay; returns that folder.</summary>
    public string KeepLogs(string name)
    {
        var kept = System.IO.Path.Combine(ServerBuild.Root, "artifacts", "logs", name);
        Directory.CreateDirectory(kept);
        foreach (var log in Directory.EnumerateFiles(Path, "*.log"))
        {
            File.Copy(log, System.IO.Path.Combine(kept, System.IO.Path.GetFileName(log)), overwrite: true);
        }

        return kept;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
