using System.Security.Cryptography;
using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>The passwords of the embedded server, in a file that only this user reads.</summary>
internal sealed record Passwords(string Superuser, string Login)
{
    private const string FileName = "postgres.passwords";

    /// <summary>Reads the file, or makes it for a new server. It is on disk before it is used.</summary>
    /// <exception cref="Fault">FAILED_PRECONDITION: an existing server's passwords are gone.</exception>
    public static Passwords In(string folder, bool isNewServer)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path) && File.ReadAllLines(path) is [{ Length: > 0 } superuser, { Length: > 0 } login, ..])
        {
            return new Passwords(superuser, login);
        }

        if (!isNewServer)
        {
            throw new Fault(
                StatusCode.FailedPrecondition, "POSTGRES_PASSWORDS_MISSING", $"The data folder {folder} has data, but not the file {FileName}.",
                "Restore that file from a backup of the folder.");
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
