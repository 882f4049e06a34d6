using System.Diagnostics;

namespace Minion.Crash.Arena;

/// <summary>The program that is tortured: the normal build of Minion.Server (with the harness's tools), or one whose engine lacks a check.</summary>
internal static class ServerBuild
{
    public static string Root { get; } = FindRoot();

    /// <summary>Returns the path of the program; builds it first when the engine is to lack a check.</summary>
    public static async Task<string> PrepareAsync(string? withoutCheck, CancellationToken ct)
    {
        if (withoutCheck is null)
        {
            return Program(Path.Combine(Root, "artifacts"));
        }

        var artifacts = Path.Combine(Root, "artifacts", $"crash-{withoutCheck}");
        Console.WriteLine($"Building an engine without its {withoutCheck} check");
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "build", "tests/Minion.Crash/Minion.Crash.csproj", "-c", "Release", "-nologo", "-v", "quiet", "-nodeReuse:false",
                $"-p:BreakEngine={withoutCheck}", $"-p:ArtifactsPath={artifacts}/",
                // What a check leaves behind unused is no defect here.
                "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false",
            },
        };
        using var build = Process.Start(start)!;
        try
        {
            var output = build.StandardOutput.ReadToEndAsync(ct);
            var errors = build.StandardError.ReadToEndAsync(ct);
            await build.WaitForExitAsync(ct);
            return build.ExitCode == 0
                ? Program(artifacts)
                : throw new InvalidOperationException($"The build failed:\n{await output}{await errors}");
        }
        finally
        {
            if (!build.HasExited)
            {
                build.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Program(string artifacts)
    {
        var path = Path.Combine(artifacts, "bin", "Minion.Crash", "release", "Minion.Crash");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not there. ./test crash builds it.");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Minion.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Minion.sln is in no folder above the program.");
    }
}
