using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.Contracts.Faults;
using Minion.Data.Migrations;
using Npgsql;

namespace Minion.Data.Health;

/// <summary>Healthy when the database answers and carries every migration of this program.</summary>
internal sealed class DatabaseHealthCheck(
    [FromKeyedServices(DatabaseRoles.Migrator)] NpgsqlDataSource dataSource,
    Migrator migrator,
    TimeProvider time,
    IEnumerable<IDatabaseServerHealth> servers) : IHealthCheck
{
    public const string Name = "database";

    private volatile bool _migrated;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>();
        foreach (var (key, value) in servers.SelectMany(s => s.Describe()))
        {
            data[key] = value;
        }

        try
        {
            if (!_migrated && await PendingAsync(cancellationToken) is { Length: > 0 } pending)
            {
                return Unhealthy(context, $"The database lacks migrations: {pending}.", data);
            }

            _migrated = true;
            var started = time.GetTimestamp();
            await using var command = dataSource.CreateCommand("SELECT current_setting('server_version')");
            data["version"] = await command.ExecuteScalarAsync(cancellationToken) ?? "";
            data["milliseconds"] = Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 2);
            return servers.Select(s => s.Concern()).FirstOrDefault(c => c is not null) is { } concern
                ? HealthCheckResult.Degraded(concern, data: data)
                : HealthCheckResult.Healthy("The database answers and is migrated.", data);
        }
        catch (Exception e) when (e is NpgsqlException or Fault)
        {
            return Unhealthy(context, $"The database does not answer: {e.Message}", data, e);
        }
    }

    private async Task<string> PendingAsync(CancellationToken cancellationToken)
    {
        var status = await migrator.StatusAsync(cancellationToken);
        return string.Join(", ", status.Where(s => s.State == MigrationState.Pending).Select(s => $"{s.Schema} {s.Version:000}_{s.Name}"));
    }

    private static HealthCheckResult Unhealthy(
        HealthCheckContext context, string description, IReadOnlyDictionary<string, object> data, Exception? exception = null) =>
        new(context.Registration.FailureStatus, description, exception, data);
}
