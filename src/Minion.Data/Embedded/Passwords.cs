using System.Security.Cryptography;

namespace Minion.Data.Embedded;

/// <summary>The passwords of the embedded server, in a file that only this user reads.</summary>
internal sealed record Passwords(string Superuser, string Login)
{
    private const string FileName = "postgres.passwords";

    /// <summary>Reads the file, or makes it. A new one is on disk before it is used.</summary>
    public static Passwords In(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path) && File.ReadAllLines(path) is [{ Length: > 0 } superuser, { Length: > 0 } login, ..])
        {
            return new Passwords(superuser, login);
        }

        var made = new Passwords(RandomNumberGenerator.GetHexString(48, lowercase: true), RandomNumberGenerator.GetHexString(48, lowercase: true));
        WritePrivate(path, $"{made.Superuser}\n{made.Login}\n");
        return made;
    }

    /// <summary>Replaces the file as a whole; mode 0600 from its first byte.</summary>
    public static void WritePrivate(string path, string text)
    {
        var temporary = $"{path}.new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
