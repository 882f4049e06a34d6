using System.Diagnostics;
using Minion.Data.Embedded;

[assembly: AssemblyFixture(typeof(Minion.Data.Tests.Embedded.ServerFolder.Cleanup))]

namespace Minion.Data.Tests.Embedded;

/// <summary>A data folder for one test, removed afterwards.</summary>
internal sealed class ServerFolder : IAsyncDisposable
{
    private static readonly Lazy<Task<ServerFolder>> Prepared = new(PrepareAsync);
    private readonly List<EmbeddedPostgres> _servers = [];

    public ServerFolder()
    {
        Path = Directory.CreateTempSubdirectory("minion-test-").FullName;
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
    }

    public string Path { get; }

    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    public EmbeddedPostgresOptions Options => new() { Folder = Path, SyncNewFolder = false };

    /// <summary>A folder that a server has used already: a copy, because making one takes a second.</summary>
    public static async Task<ServerFolder> UsedAsync()
    {
        var prepared = await Prepared.Value;
        var copy = new ServerFolder();
        using var process = Process.Start("cp", ["-a", $"{prepared.Path}/.", copy.Path]);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        return copy;
    }

    public async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions? options = null)
    {
        var server = await EmbeddedPostgres.StartAsync(options ?? Options, TimeProvider.System, CancellationToken.None);
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

    private static async Task<ServerFolder> PrepareAsync()
    {
        var folder = new ServerFolder();
        await (await folder.StartAsync()).DisposeAsync();
        return folder;
    }

    /// <summary>Removes the folder that the copies were made of.</summary>
    public sealed class Cleanup : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (Prepared.IsValueCreated)
            {
                await (await Prepared.Value).DisposeAsync();
            }
        }
    }
}
