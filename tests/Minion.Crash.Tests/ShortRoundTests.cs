using System.Diagnostics;
using Minion.Crash.Arena;
using Xunit.Sdk;

namespace Minion.Crash.Tests;

/// <summary>Short rounds of the harness, as a part of all tests. The long ones: ./test crash --help.</summary>
public sealed class ShortRoundTests
{
    /// <summary>For all of a round; a machine under load takes a tenth of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);

    [Fact]
    public async Task Nothing_is_lost_or_repeated_when_servers_are_struck_at_random_and_each_check_would_notice()
    {
        var (code, output) = await RunAsync("--rounds", "3", "--seed", "21", "--load", "24", "--break", "all");

        output.ShouldContain("All of it held.");
        output.ShouldContain("All of it was noticed.");
        code.ShouldBe(1, "something was violated, on purpose");
    }

    [Fact]
    public async Task Nothing_is_lost_or_repeated_when_a_server_is_killed_at_some_of_all_failpoints()
    {
        var (code, output) = await RunAsync("--failpoints", "--every", "59", "--seed", "22");

        output.ShouldContain("All of it held.");
        code.ShouldBe(0);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Processes are stopped and continued with the signals of Unix.");
        var program = Path.Combine(ServerBuild.Root, "artifacts", "bin", "Minion.Crash", "release", "Minion.Crash");
        var start = new ProcessStartInfo(program, options) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        enough.CancelAfter(Patience);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(enough.Token);
        }
        catch (OperationCanceledException late)
        {
            // Its servers end with it.
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            throw new XunitException($"The harness did not end within {Patience.TotalMinutes} minutes:\n{await output}{await errors}", late);
        }

        var all = await output + await errors;
        TestContext.Current.TestOutputHelper?.WriteLine(all);
        return (process.ExitCode, all);
    }
}
