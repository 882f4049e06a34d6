namespace Minion.Cli.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("minion-cli-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
