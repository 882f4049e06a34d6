namespace Minion.Crash.Arena;

/// <summary>One PostgreSQL and some servers on it, with what they write to disk, until the end.</summary>
internal sealed class Site : IAsyncDisposable
{
    private static readonly string[] Names = ["A", "B", "C", "D", "E"];

    private readonly WorkFolder _folder;

    private Site(WorkFolder folder, Database database, IReadOnlyList<ServerProcess> servers)
    {
        _folder = folder;
        Database = database;
        Servers = servers;
    }

    public Database Database { get; }

    public IReadOnlyList<ServerProcess> Servers { get; }

    /// <summary>Starts PostgreSQL and <paramref name="count"/> servers.</summary>
    public static async Task<Site> StartAsync(string program, int count, bool withFailpoints, CancellationToken ct)
    {
        var folder = new WorkFolder();
        var database = await Database.StartAsync(folder.Path, ct);
        var site = new Site(folder, database, [.. Names.Take(count).Select(n => new ServerProcess(n, program, folder.Path, database, withFailpoints))]);
        try
        {
            await Task.WhenAll(site.Servers.Select(s => s.StartAsync(ct)));
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc cref="WorkFolder.KeepLogs"/>
    public string KeepLogs(string name) => _folder.KeepLogs(name);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }

        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
