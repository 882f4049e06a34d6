using Minion.Testing.Scripts;
using Minion.Tools.Sandboxes;

namespace Minion.Tools.Tests.Sandboxes;

/// <summary>The battery can fail: attacks come through where a wall is taken away.</summary>
public sealed class WeakSandboxTests : IDisposable
{
    // Bubblewrap without some of its arguments.
    private const string Weakened = """
        #!/bin/sh
        tr '\0' '\n' <&8 | sed -e '/^--seccomp$/,+1d' -e '/^--clearenv$/d' | tr '\n' '\0' >"$TMPDIR/arguments.$$"
        exec 8<"$TMPDIR/arguments.$$"
        rm "$TMPDIR/arguments.$$"
        exec BWRAP "$@"
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("minion-weak-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("kernel keyrings")]
    [InlineData("memory that belongs to no process")]
    [InlineData("getting rights back")]
    public async Task Without_the_filter_of_system_calls_attacks_come_through(string name)
    {
        SandboxHarness.SkipWithout();
        var attack = Attacks.All.Single(one => one.Name == name);
        using var weak = new SandboxHarness(options => options.Bubblewrap = Program());

        var result = await weak.PythonAsync(attack.Code);

        result.End.ShouldBe(SandboxEnd.Exited);
        attack.Contained(result).ShouldBeFalse(result.Output + result.Error);
    }

    private string Program()
    {
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
            | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_folder.FullName, readable | UnixFileMode.OtherWrite);
        var path = Path.Combine(_folder.FullName, "bwrap");
        var real = new SandboxAvailability(Microsoft.Extensions.Options.Options.Create(new SandboxOptions())).Bubblewrap();
        ScriptFile.Write(path, Weakened.Replace("BWRAP", real, StringComparison.Ordinal).Replace("$TMPDIR", _folder.FullName, StringComparison.Ordinal) + "\n");
        return path;
    }
}
