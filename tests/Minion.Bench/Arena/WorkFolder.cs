namespace Minion.Bench.Arena;

/// <summary>Where everything of this run of the bench is, until it ends.</summary>
internal sealed class WorkFolder : IDisposable
{
    public WorkFolder()
    {
        Path = Directory.CreateTempSubdirectory("minion-bench-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL doesn't run as root: its user must get through.
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        }
    }

    public string Path { get; }

    /// <summary>A folder that nobody has used.</summary>
    public string New(string name)
    {
        var folder = System.IO.Path.Combine(Path, $"{name}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        return folder;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
