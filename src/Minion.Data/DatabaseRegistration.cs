using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Data.Connections;
using Minion.Data.Health;
using Minion.Data.Migrations;
using Minion.Data.Notifications;
using Minion.Data.Roles;

namespace Minion.Data;

/// <summary>Registers the database.</summary>
public static class DatabaseRegistration
{
    /// <summary>
    /// Registers one <see cref="Npgsql.NpgsqlDataSource"/> for each of <see cref="DatabaseRoles"/> (keyed by its name) and one for
    /// <see cref="DatabaseRoles.EngineByKey"/>, the <see cref="Migrator"/>, the <see cref="DatabaseNotifications"/> and the health check <c>database</c> (tag <c>ready</c>). The
    /// server is the one in <c>ConnectionStrings:minion</c>. Nothing connects before it is used.
    /// </summary>
    /// <param name="builder">The host.</param>
    public static IHostApplicationBuilder AddDatabase(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        var settings = new DatabaseSettings(builder.Configuration, services);
        services.AddSingleton(settings);
        foreach (var role in DatabaseRoles.All)
        {
            builder.AddRoleDataSource(role, role, role == DatabaseRoles.Engine ? Plans.AlwaysNew : Plans.Usual, settings);
        }

        builder.AddRoleDataSource(DatabaseRoles.EngineByKey, DatabaseRoles.Engine, Plans.KeptByKey, settings);
        services.AddSingleton<DatabaseRoleCreation>();
        services.AddSingleton(p => new Migrator(
            p.GetServices<MigrationSet>(), p.GetRequiredService<DatabaseSettings>(), p.GetRequiredService<DatabaseRoleCreation>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<Migrator>>()));
        services.AddSingleton(p => new DatabaseNotifications(
            p.GetRequiredService<DatabaseSettings>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<DatabaseNotifications>>()));
        services.AddHostedService<NotificationsShutdown>();
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>(DatabaseHealthCheck.Name, tags: ["ready"], timeout: TimeSpan.FromSeconds(10));

        DapperSetup.Apply();
        return builder;
    }

    /// <summary>Adds a schema's migrations to those that the <see cref="Migrator"/> applies, in the order of these calls.</summary>
    /// <param name="services">The services.</param>
    /// <param name="set">The schema, where its files are, and who uses it.</param>
    public static IServiceCollection AddMigrations(this IServiceCollection services, MigrationSet set) => services.AddSingleton(set);
}
