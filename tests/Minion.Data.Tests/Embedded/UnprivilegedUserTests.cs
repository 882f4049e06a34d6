using System.Diagnostics;
using Minion.Contracts.Faults;
using Minion.Data.Embedded;

namespace Minion.Data.Tests.Embedded;

/// <summary>What needs a user without rights: run as such, or by root in a child process that gave its rights up.</summary>
public sealed class UnprivilegedUserTests
{
    private const string FolderVariable = "MINION_TEST_CHILD_FOLDER";

    [Fact]
    public async Task A_folder_without_write_permission_is_refused_by_name_and_user()
    {
        var folder = Directory.CreateTempSubdirectory("minion-test-").FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var (code, output) = await RunAsync(nameof(Child_reports_the_refusal), folder);

        code.ShouldBe(0, output);
        Directory.GetFiles(folder).ShouldBeEmpty();
        Directory.Delete(folder);
    }

    [Fact]
    public async Task A_user_without_rights_runs_it_as_himself()
    {
        var folder = Directory.CreateTempSubdirectory("minion-test-").FullName;
        ServerAccount.Choose()?.Own(folder);
        var (code, output) = await RunAsync(nameof(Child_starts_and_stops_a_server), folder);

        code.ShouldBe(0, output);
        Directory.Exists(Path.Combine(folder, "postgres")).ShouldBeTrue();
        Directory.Delete(folder, recursive: true);
    }

    [Fact(Explicit = true)]
    public async Task Child_reports_the_refusal()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        Environment.IsPrivilegedProcess.ShouldBeFalse();
        var fault = await Should.ThrowAsync<Fault>(() => StartAsync(folder));
        fault.Reason.ShouldBe("DATA_FOLDER_NOT_WRITABLE");
        fault.Message.ShouldContain(folder);
        fault.Message.ShouldContain(Environment.UserName);
    }

    [Fact(Explicit = true)]
    public async Task Child_starts_and_stops_a_server()
    {
        ServerAccount.Choose().ShouldBeNull();
        await using var server = await StartAsync(Environment.GetEnvironmentVariable(FolderVariable)!);
        server.ProcessId.ShouldNotBeNull();
    }

    private static Task<EmbeddedPostgres> StartAsync(string folder) => EmbeddedPostgres.StartAsync(
        new EmbeddedPostgresOptions { Folder = folder, SyncNewFolder = false }, TimeProvider.System, CancellationToken.None);

    private static async Task<(int Code, string Output)> RunAsync(string method, string folder)
    {
        string[] command =
        [
            .. ServerAccount.Choose()?.Prefix() ?? [], Path.ChangeExtension(typeof(UnprivilegedUserTests).Assembly.Location, null),
            "-method", $"{typeof(UnprivilegedUserTests).FullName}.{method}", "-explicit", "only",
        ];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = "/tmp" };
        start.Environment[FolderVariable] = folder;
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return (child.ExitCode, output);
    }
}
