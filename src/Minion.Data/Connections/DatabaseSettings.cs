using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Minion.Contracts.Faults;
using Minion.Data.Migrations;
using Npgsql;

namespace Minion.Data.Connections;

/// <summary>Where the database is, how its roles are called, and the connection string of each use.</summary>
internal sealed class DatabaseSettings(IConfiguration configuration, IOptions<DatabaseOptions> options, IEnumerable<MigrationSet> sets)
{
    private readonly IReadOnlyList<MigrationSet> _sets = [.. sets];

    public DatabaseOptions Options => options.Value;

    public string RolePrefix => options.Value.RolePrefix is { Length: > 0 } prefix ? prefix : Base().Database!;

    public string RoleName(string role) => $"{RolePrefix}_{role}";

    /// <summary>A single connection of the login itself, without rights on any table.</summary>
    public string ForLogin(string use, string? database = null)
    {
        var builder = Base();
        builder.ApplicationName = $"minion-{use}";
        builder.Database = database ?? builder.Database;
        builder.Pooling = false;
        return builder.ConnectionString;
    }

    /// <summary>A single connection as <paramref name="role"/>, which ends when it is closed.</summary>
    public string ForSingle(string role)
    {
        var builder = RoleConnection.Build(Base(), role, RoleName(role), SearchPath(role));
        builder.Pooling = false;
        return builder.ConnectionString;
    }

    /// <summary>The pool of <paramref name="role"/>.</summary>
    public string ForPool(string role)
    {
        var builder = RoleConnection.Build(Base(), role, RoleName(role), SearchPath(role));
        builder.MaxPoolSize = options.Value.MaxPoolSize;
        builder.CommandTimeout = options.Value.CommandTimeout;
        return builder.ConnectionString;
    }

    private IReadOnlyList<string> SearchPath(string role) =>
        [.. _sets.Where(s => s.Roles.Contains(role)).Select(s => s.Schema).Distinct(), "public"];

    private NpgsqlConnectionStringBuilder Base()
    {
        var text = configuration.GetConnectionString(DatabaseOptions.ConnectionName);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new Fault(
                StatusCode.FailedPrecondition,
                "DATABASE_NOT_CONFIGURED",
                "No database is configured.",
                $"Set ConnectionStrings__{DatabaseOptions.ConnectionName}, or start with the embedded server.");
        }

        var builder = new NpgsqlConnectionStringBuilder(text);
        builder.Database ??= builder.Username ?? DatabaseOptions.ConnectionName;
        return builder;
    }
}
