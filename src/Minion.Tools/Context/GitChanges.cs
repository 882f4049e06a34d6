using System.Diagnostics;
using System.Globalization;

namespace Minion.Tools.Context;

/// <summary>The latest changes of a repository, as git tells them. Nothing that a repository's own configuration names is run.</summary>
internal static class GitChanges
{
    private const int MostCharacters = 200_000;
    private const int MostFiles = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A change, with the files that it touches.</summary>
    internal sealed record Change(string Line, IReadOnlyList<string> Files)
    {
        public override string ToString() => Files.Count == 0
            ? Line
            : $"{Line} ({string.Join(", ", Files.Take(MostFiles))}{(Files.Count > MostFiles ? string.Create(CultureInfo.InvariantCulture, $" and {Files.Count - MostFiles} more") : "")})";
    }

    /// <summary>The newest first; empty when there is no git, or no repository.</summary>
    public static async Task<IReadOnlyList<Change>> ReadAsync(string folder, int count, CancellationToken cancellationToken)
    {
        if (count == 0 || !Path.Exists(Path.Combine(folder, ".git")) || Browser.Chromium.OnPath("git") is not { } git)
        {
            return [];
        }

        var start = new ProcessStartInfo(
            git,
            [
                "-c", "safe.directory=" + folder, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false",
                "--no-optional-locks", "--no-pager", "-C", folder, "log", "--no-ext-diff", "--no-textconv", "--no-color", "--name-only", "--relative",
                "-n", count.ToString(CultureInfo.InvariantCulture), "--date=short", "--format=%x01%ad %s",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            var buffer = new char[MostCharacters];
            _ = process.StandardError.ReadToEndAsync(limit.Token);
            var length = await process.StandardOutput.ReadBlockAsync(buffer, limit.Token);
            return Parse(new string(buffer, 0, length));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    internal static IReadOnlyList<Change> Parse(string log) =>
    [
        .. log.Split('\u0001', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(lines => lines.Length > 0)
            .Select(lines => new Change(lines[0].Length <= 200 ? lines[0] : lines[0][..200] + "…", lines[1..])),
    ];
}
