using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Minion.Contracts.Faults;
using Minion.Data.Embedded;
using Minion.Data.Health;

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
    /// <exception cref="Fault">
    /// FAILED_PRECONDITION: the data folder is in use, not writable or of another major version, or PostgreSQL is not installed or does
    /// not start. RESOURCE_EXHAUSTED: the disk is full. The hint says what to do.
    /// </exception>
    public static async Task AddEmbeddedPostgresAsync(this IHostApplicationBuilder builder, CancellationToken cancellationToken = default)
    {
        if (!string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(DatabaseOptions.ConnectionName)))
        {
            return;
        }

        await builder.StartAsync(new EmbeddedPostgresOptions { Folder = DataFolderSetting.Read(builder.Configuration) }, cancellationToken);
    }

    /// <summary>
    /// Runs the private PostgreSQL for other processes of this machine: on the loopback interface, for the login <c>minion</c> with a
    /// password. What else holds of <see cref="AddEmbeddedPostgresAsync"/> holds here too; adds the health check <c>database</c>.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="port">A free TCP port.</param>
    /// <param name="password">The login's password from now on.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="Fault">As for <see cref="AddEmbeddedPostgresAsync"/>.</exception>
    public static async Task AddPostgresServerAsync(
        this IHostApplicationBuilder builder, int port, string password, CancellationToken cancellationToken = default)
    {
        var options = new EmbeddedPostgresOptions { Folder = DataFolderSetting.Read(builder.Configuration), Port = port, Password = password };
        await builder.StartAsync(options, cancellationToken);
        builder.Services.AddHealthChecks().AddCheck<PostgresServerHealthCheck>(DatabaseHealthCheck.Name, tags: ["ready"]);
    }

    private static async Task StartAsync(this IHostApplicationBuilder builder, EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        var server = await EmbeddedPostgres.StartAsync(options, TimeProvider.System, cancellationToken);
        builder.Configuration.AddInMemoryCollection(
            [new($"ConnectionStrings:{DatabaseOptions.ConnectionName}", server.ConnectionString)]);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(server);
        builder.Services.AddSingleton<EmbeddedPostgresService>();
        builder.Services.AddSingleton<IDatabaseServerHealth>(p => p.GetRequiredService<EmbeddedPostgresService>());
        builder.Services.AddHostedService(p => p.GetRequiredService<EmbeddedPostgresService>());
    }
}
