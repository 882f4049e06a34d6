using System.Diagnostics;
using Minion.Data.Embedded;
using Npgsql;

namespace Minion.Data.Tests.Embedded;

public sealed class ParentDeathTests
{
    private const string FolderVariable = "MINION_TEST_CHILD_FOLDER";

    [Fact]
    public async Task PostgreSQL_ends_when_its_parent_is_killed_and_the_next_server_recovers_the_folder()
    {
        await using var folder = await ServerFolder.UsedAsync();
        using var parent = StartChild(folder.Path);
        var server = await ReadyAsync(folder.Postgres);

        parent.Kill();
        await parent.WaitForExitAsync();
        await Eventually.HoldsAsync(() => !Directory.Exists($"/proc/{server}"), "PostgreSQL ends with its parent");
        await Eventually.HoldsAsync(() => PostgresProcesses.In(folder.Postgres).Count == 0, "none of its processes is left");

        await UsableAsync(await folder.StartAsync());
    }

    [Fact]
    public async Task A_server_that_starts_right_after_a_kill_waits_for_the_old_one_to_go()
    {
        await using var folder = await ServerFolder.UsedAsync();
        using var parent = StartChild(folder.Path);
        await ReadyAsync(folder.Postgres);

        parent.Kill();
        await parent.WaitForExitAsync();
        await UsableAsync(await folder.StartAsync());
    }

    [Fact]
    public async Task Everything_killed_at_once_is_recovered()
    {
        await using var folder = await ServerFolder.UsedAsync();
        using var parent = StartChild(folder.Path);
        var server = await ReadyAsync(folder.Postgres);

        // Stopped first, so that the supervisor's signal finds it unable to end by itself.
        Libc.Signal(server, 19);
        parent.Kill();
        Libc.Signal(server, 9);
        await parent.WaitForExitAsync();
        await UsableAsync(await folder.StartAsync());
    }

    /// <summary>The child: a process that holds a server until it is killed.</summary>
    [Fact(Explicit = true)]
    public async Task Child_holds_a_server_until_it_is_killed()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        await using var server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { Folder = folder, SyncNewFolder = false }, TimeProvider.System, CancellationToken.None);
        await server.Exited;
    }

    private static Process StartChild(string folder)
    {
        var start = new ProcessStartInfo(
            Path.ChangeExtension(typeof(ParentDeathTests).Assembly.Location, null),
            ["-method", $"{typeof(ParentDeathTests).FullName}.{nameof(Child_holds_a_server_until_it_is_killed)}", "-explicit", "only"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment[FolderVariable] = folder;
        return Process.Start(start)!;
    }

    private static async Task<int> ReadyAsync(string postgresFolder)
    {
        await Eventually.HoldsAsync(() => PostmasterFile.Read(postgresFolder) is { Ready: true }, "the child's PostgreSQL is ready");
        return PostmasterFile.Read(postgresFolder)!.Process;
    }

    private static async Task UsableAsync(EmbeddedPostgres server)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
    }
}
