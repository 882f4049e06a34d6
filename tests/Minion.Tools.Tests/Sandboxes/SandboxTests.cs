using Minion.Tools.Sandboxes;
using Minion.Tools.Sandboxes.Homes;

namespace Minion.Tools.Tests.Sandboxes;

public sealed class SandboxTests : IDisposable
{
    private static readonly HomeKey Home = new("default", "ada", "session:1");

    private readonly SandboxHarness _sandboxes;

    public SandboxTests()
    {
        SandboxHarness.SkipWithout();
        _sandboxes = new SandboxHarness();
    }

    public void Dispose() => _sandboxes.Dispose();

    [Fact]
    public async Task A_command_gives_its_outputs_and_its_exit_code()
    {
        var result = await _sandboxes.ShellAsync("echo out; echo err >&2; exit 7");

        result.Output.ShouldBe("out\n");
        result.Error.ShouldBe("err\n");
        (result.End, result.ExitCode, result.Cut).ShouldBe((SandboxEnd.Exited, 7, false));
    }

    [Fact]
    public async Task Input_is_read_and_may_be_left_unread()
    {
        (await _sandboxes.PythonAsync("print(input()[::-1])", input: "abc")).Output.ShouldBe("cba\n");
        (await _sandboxes.PythonAsync("print('done')", input: new string('x', 1_000_000))).Output.ShouldBe("done\n");
    }

    [Fact]
    public async Task Each_call_without_a_session_finds_an_empty_home_folder()
    {
        (await _sandboxes.ShellAsync("touch left; ls -A")).Output.ShouldBe("left\n");
        (await _sandboxes.ShellAsync("ls -A")).Output.ShouldBe("");
    }

    [Fact]
    public async Task A_session_keeps_its_files_and_others_do_not_see_them()
    {
        (await _sandboxes.ShellAsync("mkdir a; echo kept > a/file; ln -s file a/link", Home)).Kept.ShouldBeTrue();

        (await _sandboxes.ShellAsync("cat a/link", Home)).Output.ShouldBe("kept\n");
        foreach (var other in new[] { Home with { Tenant = "other" }, Home with { Agent = "eve" }, Home with { Place = "session:2" } })
        {
            (await _sandboxes.ShellAsync("ls -A", other)).Output.ShouldBe("");
        }
    }

    [Fact]
    public async Task A_call_that_is_ended_leaves_the_files_as_they_were()
    {
        await _sandboxes.ShellAsync("echo before > file", Home);
        var cut = await _sandboxes.Sandbox.RunAsync(
            new SandboxCommand(["/bin/sh", "-c", "echo after > file; while :; do sleep 1; done"]) { Timeout = TimeSpan.FromSeconds(1) }, Home, TestContext.Current.CancellationToken);

        (cut.End, cut.ExitCode, cut.Kept).ShouldBe((SandboxEnd.TimedOut, null, false));
        (await _sandboxes.ShellAsync("cat file", Home)).Output.ShouldBe("before\n");
    }

    [Fact]
    public async Task The_same_call_made_again_changes_nothing_more()
    {
        var call = new SandboxCommand(["/bin/sh", "-c", "echo x >> file; wc -l < file"]) { Key = "call-1" };
        var first = await _sandboxes.Sandbox.RunAsync(call, Home, TestContext.Current.CancellationToken);
        var again = await _sandboxes.Sandbox.RunAsync(call, Home, TestContext.Current.CancellationToken);
        var other = await _sandboxes.Sandbox.RunAsync(call with { Key = "call-2" }, Home, TestContext.Current.CancellationToken);

        (first.Output, again.Output, other.Output).ShouldBe(("1\n", "1\n", "2\n"));
    }

    [Fact]
    public async Task Output_is_heard_while_the_command_runs()
    {
        var heard = new TaskCompletionSource<string>();
        using var stop = new CancellationTokenSource();
        var running = _sandboxes.Sandbox.RunAsync(
            new SandboxCommand(["/bin/sh", "-c", "echo early; while :; do sleep 1; done"]) { Output = piece => heard.TrySetResult(piece.Text) }, home: null, stop.Token);

        (await heard.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken)).ShouldBe("early\n");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task Idle_sessions_and_the_oldest_of_too_many_are_reclaimed()
    {
        var later = new HomeStore(
            Microsoft.Extensions.Options.Options.Create(_sandboxes.Options), _sandboxes.Folders, new FixedTime(DateTimeOffset.UtcNow.AddMinutes(_sandboxes.Options.IdleMinutes + 1)));
        await _sandboxes.ShellAsync("echo 1 > file", Home);

        _sandboxes.Homes.Reclaim().ShouldBe(0);
        (await _sandboxes.ShellAsync("cat file", Home)).Output.ShouldBe("1\n");
        later.Reclaim().ShouldBe(1);
        (await _sandboxes.ShellAsync("ls", Home)).Output.ShouldBe("");

        _sandboxes.Options.Sessions = 1;
        await _sandboxes.ShellAsync("echo 2 > file", Home with { Place = "session:2" });
        _sandboxes.Homes.Reclaim().ShouldBe(1);
    }

    [Fact]
    public async Task A_kept_folder_that_cannot_be_unpacked_is_dropped()
    {
        await _sandboxes.ShellAsync("echo 1 > file", Home);
        await File.WriteAllTextAsync(Path.Combine(_sandboxes.Folders.Homes, Home.FileName()), new string('?', 4096), TestContext.Current.CancellationToken);

        (await _sandboxes.ShellAsync("cat file", Home)).ExitCode.ShouldBe(125);
        (await _sandboxes.ShellAsync("ls; echo ok", Home)).Output.ShouldBe("ok\n");
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
