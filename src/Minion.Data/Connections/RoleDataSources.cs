using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Minion.Contracts.Faults;
using Npgsql;

namespace Minion.Data.Connections;

/// <summary>The data source of a database role; each new connection proves that it has that role.</summary>
internal static class RoleDataSources
{
    /// <param name="builder">The host.</param>
    /// <param name="key">The key of the data source.</param>
    /// <param name="role">Its database role.</param>
    /// <param name="plans">How its statements are planned.</param>
    /// <param name="settings">Where the database is.</param>
    public static void AddRoleDataSource(this IHostApplicationBuilder builder, string key, string role, Plans plans, DatabaseSettings settings) =>
        builder.AddKeyedNpgsqlDataSource(
            key,
            client =>
            {
                client.ConnectionString = builder.Configuration.GetConnectionString(DatabaseOptions.ConnectionName);

                // One check of the database says more than one for each role, and the telemetry of all of Npgsql is collected already.
                client.DisableHealthChecks = true;
                client.DisableTracing = true;
                client.DisableMetrics = true;
            },
            source => Configure(source, key, role, plans, settings));

    private static void Configure(NpgsqlDataSourceBuilder source, string key, string role, Plans plans, DatabaseSettings settings)
    {
        var expected = settings.RoleName(role);
        source.Name = key;
        settings.ApplyPool(source.ConnectionStringBuilder, role, plans);
        source.UsePhysicalConnectionInitializer(
            connection => Check(expected, connection.CurrentRole()),
            async connection => Check(expected, await connection.CurrentRoleAsync()));
    }

    internal static void Check(string expected, string actual)
    {
        if (actual != expected)
        {
            throw new Fault(
                StatusCode.FailedPrecondition,
                "DATABASE_ROLE_NOT_SET",
                $"A connection that should have the database role '{expected}' has '{actual}'.",
                "A connection pooler between Minion and PostgreSQL must pass startup options on (or be left out).");
        }
    }
}
