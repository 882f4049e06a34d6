using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>Finds the programs for a data folder: of its version when it has one, else the first that are new enough.</summary>
internal static class PostgresSearch
{
    /// <exception cref="Fault">FAILED_PRECONDITION: there are none that fit; the hint says what to install.</exception>
    public static async Task<PostgresPrograms> FindAsync(
        PostgresPlaces places, string postgresFolder, CancellationToken cancellationToken)
    {
        var wanted = FolderVersion(postgresFolder);
        var seen = new List<PostgresPrograms>();
        foreach (var folder in places.Folders.Distinct().Append(PostgresPackage.ProgramFolder(places)))
        {
            if (await PostgresPrograms.InAsync(folder, cancellationToken) is { } programs)
            {
                if (Fits(programs, wanted))
                {
                    return programs;
                }

                seen.Add(programs);
            }
        }

        if (wanted is null or PostgresPackage.Major)
        {
            return await PostgresPackage.UnpackAsync(places, cancellationToken);
        }

        var found = seen.Count == 0 ? "none" : string.Join(", ", seen.Select(p => $"{p.Major} in {p.Folder}").Distinct());
        throw new Fault(
            StatusCode.FailedPrecondition,
            "DATA_FOLDER_OF_OTHER_VERSION",
            $"The data in {postgresFolder} was written by PostgreSQL {wanted}; the versions found on this machine: {found}.",
            $"Install PostgreSQL {wanted} (Debian: apt-get install postgresql-{wanted}) and start again. To upgrade instead: with both "
            + $"versions installed, let pg_upgrade write a new folder from this one, or dump it with pg_dumpall {wanted} and load it "
            + "into an empty data folder.");
    }

    private static bool Fits(PostgresPrograms programs, int? wanted) =>
        wanted is { } version ? programs.Major == version : programs.Major >= PostgresPrograms.Oldest;

    private static int? FolderVersion(string postgresFolder)
    {
        var file = Path.Combine(postgresFolder, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), out var version) ? version : null;
    }
}
