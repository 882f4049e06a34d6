using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Data.Embedded;

namespace Minion.Data.Tests.Embedded;

public sealed class EmbeddedPartsTests
{
    [Theory]
    [InlineData("/home/ada/.minion/data", null, "/home/ada/.minion/data/run")]
    [InlineData("/var/lib/minion", null, "/var/lib/minion/run")]
    public void The_socket_is_beside_the_data_when_the_path_is_short(string data, string? runtime, string expected) =>
        SocketFolder.Choose(data, root: false, runtime).ShouldBe(expected);

    [Theory]
    [InlineData(false, "/run/user/1000", "/run/user/1000/minion-")]
    [InlineData(false, null, "/tmp/minion-")]
    [InlineData(true, null, "/run/minion-")]
    public void The_socket_of_a_long_path_is_elsewhere_and_always_the_same(bool root, string? runtime, string expected)
    {
        var data = $"/{new string('x', 200)}";
        var chosen = SocketFolder.Choose(data, root, runtime);
        chosen.ShouldStartWith(expected);
        chosen.Length.ShouldBeLessThan(84);
        chosen.ShouldBe(SocketFolder.Choose(data, root, runtime));
        chosen.ShouldNotBe(SocketFolder.Choose(data + "y", root, runtime));
    }

    [Fact]
    public void The_socket_folder_is_no_link()
    {
        var root = Directory.CreateTempSubdirectory("minion-test-").FullName;
        var link = Path.Combine(root, "link");
        Directory.CreateSymbolicLink(link, Directory.CreateDirectory(Path.Combine(root, "victim")).FullName);
        Should.Throw<IOException>(() => SocketFolder.Prepare(link, account: null));
        Directory.Delete(root, recursive: true);
    }

    [Theory]
    [InlineData("4711\n/data\n1700000000\n5432\n/run\n\n  123  456\nready   \n", 4711, true)]
    [InlineData("4711\n/data\n1700000000\n5432\n/run\n\n  123  456\nstarting\n", 4711, false)]
    [InlineData("4711\n/data\n", 4711, false)]
    public void The_postmaster_file_tells_process_and_status(string text, int process, bool ready) =>
        PostmasterFile.Parse(text).ShouldBe(new PostmasterFile(process, ready));

    [Theory]
    [InlineData("")]
    [InlineData("-1\n")]
    public void A_postmaster_file_that_is_being_written_tells_nothing(string text) => PostmasterFile.Parse(text).ShouldBeNull();

    [Fact]
    public void A_full_disk_is_recognised_in_the_log()
    {
        var fault = EmbeddedFaults.NotStarted(
            "/data", "PostgreSQL 15 ended",
            "2026-01-31 10:00:00.000 UTC [7] PANIC:  could not write to file \"pg_wal/xlogtemp.7\": No space left on device\n");
        fault.Status.ShouldBe(StatusCode.ResourceExhausted);
        fault.Reason.ShouldBe("DISK_FULL");
        fault.Message.ShouldContain("/data");
        fault.Message.ShouldNotContain("2026");
    }

    [Fact]
    public void Pauses_before_restarts_grow_and_are_bounded()
    {
        RestartDelay.After(0).ShouldBe(TimeSpan.Zero);
        RestartDelay.After(1).ShouldBe(TimeSpan.FromMilliseconds(100));
        RestartDelay.After(3).ShouldBe(TimeSpan.FromMilliseconds(400));
        RestartDelay.After(1_000).ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_full_log_is_put_aside_before_a_start()
    {
        var folder = Directory.CreateTempSubdirectory("minion-test-").FullName;
        ServerLog.Rotate(folder).ShouldBe(0);
        File.WriteAllText(ServerLog.PathIn(folder), "old\n");
        ServerLog.Rotate(folder).ShouldBe(4);
        File.AppendAllText(ServerLog.PathIn(folder), "new\n");
        ServerLog.Since(folder, 4).ShouldBe("new\n");

        File.WriteAllText(ServerLog.PathIn(folder), new string('x', 9 * 1024 * 1024));
        ServerLog.Rotate(folder).ShouldBe(0);
        File.Exists($"{ServerLog.PathIn(folder)}.1").ShouldBeTrue();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Passwords_that_are_gone_are_not_made_up_for_data_that_has_them()
    {
        await using var folder = await ServerFolder.UsedAsync();
        File.Delete(Path.Combine(folder.Path, "postgres.passwords"));
        (await Should.ThrowAsync<Fault>(() => folder.StartAsync())).Reason.ShouldBe("POSTGRES_PASSWORDS_MISSING");
    }
}
