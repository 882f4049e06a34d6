namespace Minion.McpConformance;

/// <summary>A data folder for this run only, unless the arguments name one.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string DataOption = "--data";
    private readonly string? _path;

    public ScratchFolder(string[] args)
    {
        if (args.Any(arg => arg == DataOption || arg.StartsWith(DataOption + "=", StringComparison.Ordinal)))
        {
            Arguments = args;
            return;
        }

        _path = Directory.CreateTempSubdirectory("minion-mcp-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // Started as root, PostgreSQL runs as another user, who must get through.
            File.SetUnixFileMode(_path, File.GetUnixFileMode(_path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        string[] grpc = args.Any(arg => arg.StartsWith("--grpc", StringComparison.Ordinal)) ? [] : ["--grpc", "0"];
        Arguments = [.. args, .. grpc, DataOption, _path];
    }

    /// <summary>The arguments of the server.</summary>
    public string[] Arguments { get; }

    public void Dispose()
    {
        if (_path is not null)
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}
