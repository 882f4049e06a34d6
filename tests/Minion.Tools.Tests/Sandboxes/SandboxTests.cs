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
}
