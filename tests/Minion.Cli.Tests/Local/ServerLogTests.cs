using System.Threading.Channels;
using Minion.Cli.Local;

namespace Minion.Cli.Tests.Local;

public sealed class ServerLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => Path.Combine(_folder.Path, "logs", "server.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_log_above_10_MB_is_put_aside()
    {
        ServerLog.Prepare(Log);
        File.WriteAllText(Log, new string('x', 10 * 1024 * 1024 + 1));
        File.WriteAllText(Log + ".1", "older");

        ServerLog.Prepare(Log);

        new FileInfo(Log).Length.ShouldBe(0);
        new FileInfo(Log + ".1").Length.ShouldBeGreaterThan(10 * 1024 * 1024);
    }

    [Fact]
    public void Only_its_user_reads_a_log()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");

        ServerLog.Prepare(Log);

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        (File.GetUnixFileMode(Log) & others).ShouldBe(UnixFileMode.None);
        (File.GetUnixFileMode(Path.GetDirectoryName(Log)!) & others).ShouldBe(UnixFileMode.None);
    }

    [Fact]
    public void A_smaller_log_is_continued()
    {
        ServerLog.Prepare(Log);
        File.WriteAllText(Log, "one\n");

        ServerLog.Prepare(Log);

        File.ReadAllText(Log).ShouldBe("one\n");
    }

    [Fact]
    public void The_tail_is_the_last_lines_of_what_was_written_since()
    {
        ServerLog.Prepare(Log);
        File.WriteAllText(Log, "before\none\ntwo\nthree\n");

        ServerLog.Tail(Log, 2).ShouldBe(["two", "three"]);
        ServerLog.Tail(Log, 10, from: "before\n".Length).ShouldBe(["one", "two", "three"]);
        ServerLog.Tail(Log + ".none", 2).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("info\nminion: Port 5080 is in use.\n        Choose another.\n", "minion: Port 5080 is in use.|        Choose another.")]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("", "")]
    public void The_servers_own_sentence_says_why_it_ended(string written, string expected)
    {
        ServerLog.Prepare(Log);
        File.WriteAllText(Log, written);

        string.Join('|', ServerLog.WhyItEnded(Log, 0)).ShouldBe(expected);
    }

    [Fact]
    public async Task Following_hands_on_whole_lines_and_outlives_a_rotation()
    {
        ServerLog.Prepare(Log);
        await File.WriteAllTextAsync(Log, "old line, long enough to be longer than what comes next\n", TestContext.Current.CancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Eventually.Patience);
        var lines = Channel.CreateUnbounded<string>();
        var following = ServerLog.FollowAsync(Log, line => lines.Writer.TryWrite(line), TimeProvider.System, stop.Token);

        await File.AppendAllTextAsync(Log, "half", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Log, " and half\n", TestContext.Current.CancellationToken);
        (await lines.Reader.ReadAsync(stop.Token)).ShouldBe("half and half");
        await File.WriteAllTextAsync(Log, "new\n", TestContext.Current.CancellationToken);
        (await lines.Reader.ReadAsync(stop.Token)).ShouldBe("new");

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);
    }
}
