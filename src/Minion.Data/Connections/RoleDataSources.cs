using Grpc.Core;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Faults;
using Npgsql;

namespace Minion.Data.Connections;

/// <summary>Builds the data source of a database role; each new connection proves that it has that role.</summary>
internal sealed class RoleDataSources(DatabaseSettings settings, ILoggerFactory loggers)
{
    public NpgsqlDataSource Create(string role)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ForPool(role)) { Name = role };
        builder.UseLoggerFactory(loggers);
        var expected = settings.RoleName(role);
        builder.UsePhysicalConnectionInitializer(
            connection => Check(expected, connection.CurrentRole()),
            async connection => Check(expected, await connection.CurrentRoleAsync()));
        return builder.Build();
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
