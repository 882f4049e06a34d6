using System.Diagnostics;
using Shouldly;

namespace Minion.Testing.Scripts;

/// <summary>Programs that tests write.</summary>
public static class ScriptFile
{
    /// <summary>
    /// Writes a program that everybody may execute. Another process writes it: of a file that this one has open, a child that another test
    /// starts at that moment may hold a copy of the handle, and what is open for writing cannot be executed ("text file busy").
    /// </summary>
    public static void Write(string path, string script)
    {
        using var writing = Process.Start(new ProcessStartInfo("sh", ["-c", "cat >\"$0\" && chmod 755 \"$0\"", path]) { RedirectStandardInput = true })!;
        writing.StandardInput.Write(script);
        writing.StandardInput.Close();
        writing.WaitForExit();
        writing.ExitCode.ShouldBe(0, path);
    }
}
