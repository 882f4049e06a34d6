using Minion.Data.Embedded;

namespace Minion.Testing.Database;

/// <summary>Starts PostgreSQL for this process, in a temporary folder. Both go when the process ends, in whatever way.</summary>
internal static class EmbeddedTestServer
{
    private static EmbeddedPostgres? _server;

    /// <summary>Returns the superuser's connection string.</summary>
    public static async Task<string> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("minion-test-").FullName;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        _server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { Folder = folder, Ephemeral = true }, TimeProvider.System, CancellationToken.None);
        return _server.SuperuserConnectionString;
    }
}
