using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Data.Migrations;
using Npgsql;

namespace Minion.Data.Connections;

/// <summary>Where the database is, how its roles are called, and the connection string of each use.</summary>
internal sealed class DatabaseSettings(IConfiguration configuration, IServiceCollection services)
{
    private readonly Lazy<DatabaseOptions> _options =
        new(() => configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new DatabaseOptions());

    // Read when they are first needed: services register their migrations after the database is.
    private readonly Lazy<IReadOnlyList<MigrationSet>> _sets =
        new(() => [.. services.Where(s => s.ServiceType == typeof(MigrationSet)).Select(s => s.ImplementationInstance).OfType<MigrationSet>()]);

    public string RolePrefix => _options.Value.RolePrefix is { Length: > 0 } prefix ? prefix : Base().Database!;

    public TimeSpan StartPatience => _options.Value.StartPatience;

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
        var builder = Base();
        RoleConnection.Apply(builder, role, RoleName(role), SearchPath(role));
        builder.Pooling = false;
        return builder.ConnectionString;
    }

    /// <summary>Makes the login's connections the pool of <paramref name="role"/>.</summary>
    public void ApplyPool(NpgsqlConnectionStringBuilder login, string role, Plans plans)
    {
        RoleConnection.Apply(login, role, RoleName(role), SearchPath(role), plans);
        login.MaxPoolSize = _options.Value.MaxPoolSize;
        login.CommandTimeout = _options.Value.CommandTimeout;
    }

    private IReadOnlyList<string> SearchPath(string role) =>
        [.. _sets.Value.Where(s => s.Roles.Contains(role)).Select(s => s.Schema).Distinct(), "public"];

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
