using System.Security.Cryptography;
using System.Text;

namespace Minion.Data.Embedded;

/// <summary>Where PostgreSQL's Unix socket is. Its path must be short, the data folder's may be long.</summary>
internal static class SocketFolder
{
    /// <summary>The longest path of a socket that every Unix takes, in bytes (sun_path of macOS is 104, of Linux 108, with the final NUL).</summary>
    private const int MaxBytes = 103;

    private const string Socket = "/.s.PGSQL.5432.lock";

    /// <summary>Beside the data when that is short enough, else named by a hash of it in the user's runtime folder or in /tmp.</summary>
    public static string Choose(string dataFolder, bool root, string? runtimeFolder)
    {
        var beside = Path.Combine(dataFolder, "run");
        if (Fits(beside))
        {
            return beside;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..16];
        var name = $"minion-{hash}";
        return runtimeFolder is { Length: > 0 } && Fits(Path.Combine(runtimeFolder, name))
            ? Path.Combine(runtimeFolder, name)
            : Path.Combine(root ? "/run" : "/tmp", name);
    }

    /// <exception cref="IOException">The folder is a link or belongs to somebody else.</exception>
    public static void Prepare(string folder, ServerAccount? account)
    {
        Directory.CreateDirectory(folder, Private);
        if (new DirectoryInfo(folder).LinkTarget is not null)
        {
            throw new IOException($"{folder} is a link; remove it.");
        }

        // Only its owner may do this: a folder that somebody else put there is refused.
        File.SetUnixFileMode(folder, Private);
        account?.Own(folder);
    }

    /// <summary>Leaves a folder in which something still is.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // In use, or gone with its data.
        }
    }

    private static UnixFileMode Private => UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static bool Fits(string folder) => Encoding.UTF8.GetByteCount(folder + Socket) <= MaxBytes;
}
