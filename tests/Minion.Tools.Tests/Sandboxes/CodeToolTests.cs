using System.Text.Json;
using Minion.Tools.Sandboxes;

namespace Minion.Tools.Tests.Sandboxes;

public sealed class CodeToolTests : IDisposable
{
    private readonly SandboxHarness _sandboxes = new(options => (options.MemoryMb, options.Processes) = (512, 256));

    public void Dispose() => _sandboxes.Dispose();

    [Fact]
    public async Task Shell_and_Python_run_and_give_their_output()
    {
        SandboxHarness.SkipWithout();
        (await StdoutAsync(_sandboxes.Shell, """{"command":"echo $((6 * 7))"}""")).ShouldBe("42\n");
        (await StdoutAsync(_sandboxes.Python, """{"code":"print(6 * 7)"}""")).ShouldBe("42\n");
    }

    [Fact]
    public async Task JavaScript_runs_as_either_kind_of_module()
    {
        _sandboxes.SkipWithout("node");
        (await StdoutAsync(_sandboxes.JavaScript, """{"code":"import { sep } from 'node:path';\nconsole.log(6 * 7, sep)"}""")).ShouldBe("42 /\n");
        (await StdoutAsync(_sandboxes.JavaScript, """{"code":"console.log(require('os').EOL.length)"}""")).ShouldBe("1\n");
    }

    [Fact]
    public async Task CSharp_is_compiled_and_run()
    {
        _sandboxes.SkipWithout("dotnet");
        (await StdoutAsync(_sandboxes.CSharp, """{"code":"Console.WriteLine(Enumerable.Range(1, 8).Sum() + 6);"}""")).ShouldBe("42\n");

        var wrong = (await _sandboxes.CSharp.InvokeAsync("""{"code":"int x = oops;"}""")).Value();
        wrong.GetProperty("exit_code").GetInt32().ShouldBe(1);
        wrong.GetProperty("stderr").GetString()!.ShouldContain("CS0103");
    }

    [Fact]
    public async Task What_a_program_prints_is_told_line_by_line_while_it_runs()
    {
        SandboxHarness.SkipWithout();
        using var stop = new CancellationTokenSource();
        var heard = new Heard();
        var call = new ToolCall(
            JsonElement.Parse("""{"code":"import time\nprint('one')\nprint('two', end='')\nwhile True: time.sleep(1)"}"""), Callers.Ada, "", ToolCallOrigin.Direct)
        { Progress = heard };
        var running = _sandboxes.Python.InvokeAsync(call, stop.Token).AsTask();

        (await heard.First.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken)).ShouldBe("one");
        running.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    private sealed class Heard : IProgress<string>
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> First => _first.Task;

        public void Report(string value) => _first.TrySetResult(value);
    }

    [Fact]
    public async Task Files_go_in_and_come_out_by_name()
    {
        SandboxHarness.SkipWithout();
        var result = (await _sandboxes.Shell.InvokeAsync(
            """
            {"command":"tr a-z A-Z < in/a.txt > out.txt; printf '\\377\\000' > raw; ln -s /etc/ld.so.cache link; mkfifo pipe",
             "files":[{"path":"in/a.txt","text":"grüße"},{"path":"b","base64":"AAE="}],
             "return_files":["out.txt","raw","b","link","pipe","absent"]}
            """)).Value();

        var files = result.GetProperty("files").EnumerateArray().ToDictionary(file => file.GetProperty("path").GetString()!);
        files.Keys.ShouldBe(["out.txt", "raw", "b"], ignoreOrder: true);
        files["out.txt"].GetProperty("text").GetString()!.ShouldStartWith("GR");
        files["raw"].GetProperty("base64").GetString().ShouldBe("/wA=");
        result.GetProperty("note").GetString()!.ShouldContain("3 of the files");
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    public async Task Files_outside_the_home_folder_are_refused(string path)
    {
        var failure = (await _sandboxes.Shell.InvokeAsync($$"""{"command":"true","files":[{"path":"{{path}}","text":""}]}""")).Failure();

        failure.Message.ShouldContain(path);
    }

    [Fact]
    public async Task Without_bubblewrap_nothing_runs_and_the_failure_says_what_to_install()
    {
        using var without = new SandboxHarness(options => options.Bubblewrap = "/nowhere/bwrap");
        foreach (var tool in new ITool[] { without.Shell, without.Python, without.JavaScript, without.CSharp })
        {
            var failure = (await tool.InvokeAsync(tool == without.Shell ? """{"command":"true"}""" : """{"code":"1"}""")).Failure();
            failure.Hint.ShouldContain("apt-get install bubblewrap");
        }
    }

    [Fact]
    public async Task A_failure_of_the_code_is_a_result()
    {
        SandboxHarness.SkipWithout();
        var result = (await _sandboxes.Python.InvokeAsync("""{"code":"raise ValueError('no')"}""")).Value();

        result.GetProperty("exit_code").GetInt32().ShouldBe(1);
        result.GetProperty("ended").GetString().ShouldBe("exited");
        result.GetProperty("stderr").GetString()!.ShouldContain("ValueError: no");
    }

    [Fact]
    public async Task A_call_that_takes_too_long_says_what_to_do()
    {
        SandboxHarness.SkipWithout();
        var result = (await _sandboxes.Shell.InvokeAsync("""{"command":"while :; do sleep 1; done","timeout_seconds":1}""")).Value();

        result.GetProperty("ended").GetString().ShouldBe("timed_out");
        result.GetProperty("exit_code").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        result.GetProperty("note").GetString()!.ShouldContain("timeout_seconds");
    }

    private static async Task<string> StdoutAsync(ITool tool, string arguments)
    {
        var result = (await tool.InvokeAsync(arguments)).Value();
        result.GetProperty("exit_code").GetInt32().ShouldBe(0, result.ToString());
        return result.GetProperty("stdout").GetString()!;
    }
}
