using Minion.Data.Embedded;

namespace Minion.Data.Tests.Embedded;

/// <summary>A data folder for one test, removed afterwards.</summary>
internal sealed class ServerFolder : IAsyncDisposable
{
    private readonly List<EmbeddedPostgres> _servers = [];

    public ServerFolder()
    {
        Path = Directory.CreateTempSubdirectory("minion-test-").FullName;
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
    }

    public string Path { get; }

    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    public EmbeddedPostgresOptions Options => new() { Folder = Path, SyncNewFolder = false };

    public async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions? options = null)
    {
        var server = await EmbeddedPostgres.StartAsync(options ?? Options, TimeProvider.System, TestContext.Current.CancellationToken);
        _servers.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
