using Minion.Contracts.Servers;
using Minion.Testing.Scripts;

namespace Minion.Cli.Tests.Local;

public sealed class UpAndDownTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Down_says_that_nothing_runs()
    {
        using var test = new TestTerminal();

        (await test.RunAsync("down", "--data", _folder.Path)).ShouldBe(ExitCodes.Ok);

        test.Out.ShouldBe($"No server runs on {_folder.Path}.\n");
    }

    [Fact]
    public async Task A_note_of_a_server_that_is_gone_is_taken_away()
    {
        Note(pid: 4_000_000);
        using var test = new TestTerminal();

        (await test.RunAsync("down", "--data", _folder.Path)).ShouldBe(ExitCodes.Ok);

        test.Out.ShouldContain("ended without saying so");
        RunningServer.Read(_folder.Path).ShouldBeNull();
    }

    [Fact]
    public async Task A_process_that_took_over_the_number_is_left_alone()
    {
        Note(pid: Environment.ProcessId);
        using var test = new TestTerminal();

        (await test.RunAsync("down", "--data", _folder.Path)).ShouldBe(ExitCodes.Ok);

        test.Out.ShouldContain("No server runs");
    }

    [Fact]
    public async Task A_server_that_ends_at_once_is_heard()
    {
        var server = Script("echo 'starting up'; echo 'minion: The disk is full.' >&2; echo '        Free some space.' >&2; exit 7");
        using var test = new TestTerminal(environment: ("MINION_SERVER_PATH", server));

        (await test.RunAsync("up", "--data", _folder.Path)).ShouldBe(ExitCodes.Failed);

        test.Error.ShouldContain("minion: The disk is full.\nFree some space.\nThe whole log: ");
        test.Error.ShouldNotContain("starting up");
    }

    [Fact]
    public async Task A_server_that_ends_without_a_word_is_told_with_its_exit_code()
    {
        using var test = new TestTerminal(environment: ("MINION_SERVER_PATH", Script("exit 7")));

        (await test.RunAsync("up", "--data", _folder.Path)).ShouldBe(ExitCodes.Failed);

        test.Error.ShouldContain("did not start (exit code 7)");
    }

    [Fact]
    public async Task A_server_that_is_not_built_is_a_sentence()
    {
        using var test = new TestTerminal(environment: ("MINION_SERVER_PATH", "/nowhere/Minion.Server"));

        (await test.RunAsync("up", "--data", _folder.Path)).ShouldBe(ExitCodes.Failed);

        test.Error.ShouldContain("'/nowhere/Minion.Server', which is not there");
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_a_sentence()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        using var test = new TestTerminal(environment: ("MINION_SERVER_PATH", Script("exit 0")));

        (await test.RunAsync("up", "--data", file)).ShouldBe(ExitCodes.Failed);

        test.Error.ShouldContain($"The data folder {file} cannot be used");
        test.Error.ShouldContain("--data DIR");
    }

    [Fact]
    public async Task Logs_say_where_they_looked()
    {
        using var test = new TestTerminal(environment: ("MINION_DATA", _folder.Path));

        (await test.RunAsync("logs")).ShouldBe(ExitCodes.Failed);

        test.Error.ShouldContain(Path.Combine(_folder.Path, "logs", "server.log"));
    }

    [Fact]
    public async Task Logs_show_the_last_lines_as_text_or_json()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "logs"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "logs", "server.log"), "one\ntwo\nthree\n", TestContext.Current.CancellationToken);
        using var text = new TestTerminal();
        using var json = new TestTerminal();

        await text.RunAsync("logs", "--data", _folder.Path, "-n", "2");
        await json.RunAsync("logs", "--data", _folder.Path, "-n", "1", "-o", "json");

        text.Out.ShouldBe("two\nthree\n");
        json.Out.ShouldBe("{\"line\":\"three\"}\n");
    }

    private void Note(int pid) =>
        new RunningServer(pid, "http://localhost:1", "http://localhost:2", DateTimeOffset.UnixEpoch, "0", null).Write(_folder.Path);

    private string Script(string body)
    {
        var path = Path.Combine(_folder.Path, "server.sh");
        ScriptFile.Write(path, "#!/bin/sh\n" + body + "\n");
        return path;
    }
}
