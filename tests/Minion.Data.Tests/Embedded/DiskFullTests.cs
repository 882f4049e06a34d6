using Dapper;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Data.Embedded;
using Npgsql;

namespace Minion.Data.Tests.Embedded;

/// <summary>On a small file system of its own, which only root can mount.</summary>
public sealed class DiskFullTests
{
    [Fact]
    public async Task A_disk_without_room_to_begin_is_refused_with_how_much_is_needed()
    {
        await using var disk = await SmallDisk.MountAsync("64m");
        var fault = await Should.ThrowAsync<Fault>(() => StartAsync(disk.Path));
        fault.Status.ShouldBe(StatusCode.ResourceExhausted);
        fault.Reason.ShouldBe("DISK_FULL");
        fault.Message.ShouldContain("128 MB are needed");
    }

    [Fact]
    public async Task A_disk_that_fills_up_refuses_writes_says_so_at_the_next_start_and_loses_nothing_committed()
    {
        await using var disk = await SmallDisk.MountAsync("160m");
        await using (var server = await StartAsync(disk.Path))
        {
            await using var connection = await OpenAsync(server);
            await connection.ExecuteAsync("CREATE TABLE kept (id int, filling text); ALTER TABLE kept ALTER filling SET STORAGE EXTERNAL; INSERT INTO kept VALUES (1, '')");
            var refused = await Should.ThrowAsync<NpgsqlException>(async () =>
            {
                while (true)
                {
                    await connection.ExecuteAsync("INSERT INTO kept SELECT 2, repeat(md5(random()::text), 30000) FROM generate_series(1, 20)");
                }
            });
            TestContext.Current.SendDiagnosticMessage("{0}", refused.Message);
        }

        await File.WriteAllBytesAsync(Path.Combine(disk.Path, "ballast"), []);
        Fill(Path.Combine(disk.Path, "ballast"));
        (await Should.ThrowAsync<Fault>(() => StartAsync(disk.Path))).Reason.ShouldBe("DISK_FULL");

        File.Delete(Path.Combine(disk.Path, "ballast"));
        await disk.ResizeAsync("512m");
        await using var again = await StartAsync(disk.Path);
        await using var reading = await OpenAsync(again);
        (await reading.ExecuteScalarAsync<long>("SELECT count(*) FROM kept WHERE id = 1")).ShouldBe(1);
    }

    private static void Fill(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 1);
            var block = new byte[4096];
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static Task<EmbeddedPostgres> StartAsync(string folder) => EmbeddedPostgres.StartAsync(
        new EmbeddedPostgresOptions { Folder = folder, SyncNewFolder = false }, TimeProvider.System, CancellationToken.None);

    private static async Task<NpgsqlConnection> OpenAsync(EmbeddedPostgres server)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private sealed class SmallDisk(string path) : IAsyncDisposable
    {
        public string Path => path;

        public static async Task<SmallDisk> MountAsync(string size)
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
            var path = Directory.CreateTempSubdirectory("minion-test-").FullName;
            var (code, output) = await Command.RunAsync(["mount", "-t", "tmpfs", "-o", $"size={size},mode=0711", "tmpfs", path], CancellationToken.None);
            if (code != 0)
            {
                Directory.Delete(path);
            }

            Assert.SkipUnless(code == 0, $"This root may not mount a small disk: {output}");
            return new SmallDisk(path);
        }

        public Task ResizeAsync(string size) => Command.RunAsync(["mount", "-o", $"remount,size={size}", path], CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await Command.RunAsync(["umount", path], CancellationToken.None);
            Directory.Delete(path);
        }
    }
}
