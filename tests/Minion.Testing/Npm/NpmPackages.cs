using System.ComponentModel;
using System.Security.Cryptography;
using Xunit;

namespace Minion.Testing.Npm;

/// <summary>
/// The npm packages of a lock file, installed once for this machine in the user's cache folder, whichever test needs them first.
/// Where there is no npm, or its registry is out of reach or lacks them, the test is skipped with the reason.
/// </summary>
internal static class NpmPackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string[] OutOfReach = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "E404", "ETARGET", "E401", "E403"];
    private static readonly string[] Files = ["package.json", "package-lock.json", ".npmrc"];

    /// <summary>The folder that holds <c>node_modules</c>.</summary>
    /// <param name="lockFolder">Where package.json, its lock file and .npmrc are.</param>
    public static async Task<string> InstallAsync(string lockFolder)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(lockFolder, "package-lock.json"))))[..12];
        var installed = Path.Combine(CacheFolder(), $"npm-{hash}");
        if (Directory.Exists(installed))
        {
            return installed;
        }

        Directory.CreateDirectory(CacheFolder());
        await using var exclusive = await LockAsync(installed + ".lock");
        if (!Directory.Exists(installed))
        {
            await InstallAsync(lockFolder, installed);
        }

        return installed;
    }

    // Only a whole installation gets the name under which it is found.
    private static async Task InstallAsync(string lockFolder, string installed)
    {
        var unfinished = installed + ".unfinished";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        foreach (var file in Files)
        {
            File.Copy(Path.Combine(lockFolder, file), Path.Combine(unfinished, file));
        }

        try
        {
            var run = await ProgramRun.StartAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], unfinished, Patience);
            Assert.SkipWhen(OutOfReach.Any(run.Errors.Contains), $"npm cannot install {Path.GetFileName(lockFolder)}'s packages here: {run.Errors.Trim()}");
            run.RequireSuccess();
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no npm on the PATH.");
        }

        Directory.Move(unfinished, installed);
    }

    private static string CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "minion-tests");
    }

    // Another process holds the file; nobody tells when it lets go.
    private static Task<FileStream> LockAsync(string path) => Eventually.BecomesAsync(
        async () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), _ => true, $"the lock of {path}", e => e is IOException, Patience);
}
