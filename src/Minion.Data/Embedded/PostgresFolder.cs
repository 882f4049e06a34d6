using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>Makes PostgreSQL's folder, the first time.</summary>
internal static class PostgresFolder
{
    private const long BytesToBegin = 128L * 1024 * 1024;

    public static bool Exists(string postgresFolder) => File.Exists(Path.Combine(postgresFolder, "PG_VERSION"));

    /// <exception cref="Fault">RESOURCE_EXHAUSTED: the disk is full; FAILED_PRECONDITION: PostgreSQL refuses, the message says why.</exception>
    public static async Task CreateAsync(
        EmbeddedPostgresOptions options, PostgresPrograms programs, ServerAccount? account, string password, CancellationToken cancellationToken)
    {
        if (FreeBytes(options.Folder) is { } free and < BytesToBegin)
        {
            throw EmbeddedFaults.DiskFull(options.Folder, $"{free >> 20} MB are free, {BytesToBegin >> 20} MB are needed to begin.");
        }

        // A start that was killed half-way leaves this one, never a broken folder of the real name.
        var temporary = $"{options.PostgresFolder}.new";
        var passwordFile = Path.Combine(options.Folder, "initdb.password");
        RemoveIfThere(temporary);
        Directory.CreateDirectory(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Passwords.WritePrivate(passwordFile, password);
        account?.Own(temporary);
        account?.Own(passwordFile);
        try
        {
            await InitAsync(options, programs, account, temporary, passwordFile, cancellationToken);
            if (options is { Ephemeral: false, SyncNewFolder: true })
            {
                // One call for the whole file system: initdb's own file by file takes seconds on a busy disk.
                Libc.Sync(Path.Combine(temporary, "PG_VERSION"));
            }

            Directory.Move(temporary, options.PostgresFolder);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <summary>Null when the system does not say.</summary>
    public static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static async Task InitAsync(
        EmbeddedPostgresOptions options, PostgresPrograms programs, ServerAccount? account, string folder, string passwordFile,
        CancellationToken cancellationToken)
    {
        var (code, output) = await Command.RunAsync(
            [
                .. account?.Prefix() ?? [], programs.Initdb, "--pgdata", folder, "--username", EmbeddedPostgres.Superuser, "--auth", "scram-sha-256",
                "--pwfile", passwordFile, "--encoding", "UTF8", "--locale", OperatingSystem.IsLinux() ? "C.UTF-8" : "C", "--data-checksums",
                "--no-sync",
            ],
            cancellationToken);
        if (code != 0)
        {
            RemoveIfThere(folder);
            throw EmbeddedFaults.NotStarted(options.Folder, $"PostgreSQL {programs.Major} could not prepare its folder", output);
        }
    }

    private static void RemoveIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
