using Grpc.Core;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Faults;
using Minion.Data.Connections;
using Npgsql;

namespace Minion.Data.Roles;

/// <summary>Creates the database roles that are missing and lets the login start sessions as them.</summary>
internal sealed class DatabaseRoleCreation(DatabaseSettings settings, ILogger<DatabaseRoleCreation> log)
{
    private const string ServerDatabase = "postgres";

    /// <exception cref="Fault">FAILED_PRECONDITION: the login may not; the hint is the SQL for an administrator.</exception>
    public async Task EnsureAsync(IReadOnlyCollection<string> roles, CancellationToken cancellationToken)
    {
        var names = roles.Distinct().Select(settings.RoleName).ToList();
        await using var connection = new NpgsqlConnection(settings.ForLogin("bootstrap"));
        await connection.OpenAsync(cancellationToken);
        var missing = await RoleQueries.MissingAsync(connection, names, cancellationToken);
        if (missing.Count > 0)
        {
            await CreateAsync(connection, names, cancellationToken);
        }

        await SchemaCreation.AllowAsync(connection, settings.RoleName(DatabaseRoles.Migrator), cancellationToken);
    }

    public async Task<bool> ExistsAsync(string role, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(settings.ForLogin("bootstrap"));
        await connection.OpenAsync(cancellationToken);
        return (await RoleQueries.MissingAsync(connection, [settings.RoleName(role)], cancellationToken)).Count == 0;
    }

    private async Task CreateAsync(NpgsqlConnection own, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var server = await OpenServerDatabaseAsync(cancellationToken);
        var connection = server ?? own;
        await connection.ExecuteAsync("SELECT pg_advisory_lock($1)", cancellationToken, AdvisoryLocks.RoleCreation);
        try
        {
            foreach (var role in await RoleQueries.MissingAsync(connection, names, cancellationToken))
            {
                await CreateAsync(connection, role, cancellationToken);
                log.RoleReady(role.Name);
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw await NotAllowedAsync(connection, names, e, cancellationToken);
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock($1)", CancellationToken.None, AdvisoryLocks.RoleCreation);
        }
    }

    private static async Task CreateAsync(NpgsqlConnection connection, MissingRole role, CancellationToken cancellationToken)
    {
        if (!role.Exists)
        {
            try
            {
                await connection.ExecuteAsync($"CREATE ROLE {role.Name.Quoted()} NOLOGIN", cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
            {
                // Only without the lock in the server's database: a host of another database was faster.
            }
        }

        await connection.ExecuteAsync($"GRANT {role.Name.Quoted()} TO CURRENT_USER", cancellationToken);
    }

    /// <summary>Null when the login may not connect there.</summary>
    private async Task<NpgsqlConnection?> OpenServerDatabaseAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(settings.ForLogin("bootstrap", ServerDatabase));
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            await connection.DisposeAsync();
            log.RolesWithoutServerLock(e.MessageText);
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<Fault> NotAllowedAsync(
        NpgsqlConnection connection, IReadOnlyList<string> names, PostgresException error, CancellationToken cancellationToken)
    {
        var login = await connection.CurrentRoleAsync();
        var missing = await RoleQueries.MissingAsync(connection, names, cancellationToken);
        var statements = missing.Select(m =>
            $"{(m.Exists ? "" : $"CREATE ROLE {m.Name.Quoted()} NOLOGIN; ")}GRANT {m.Name.Quoted()} TO {login.Quoted()};");
        return new Fault(
            StatusCode.FailedPrecondition,
            "DATABASE_RIGHTS_MISSING",
            $"The login '{login}' may not create or use the database roles that Minion works with: {error.MessageText}.",
            $"Give the login CREATEROLE, or let an administrator run: {string.Join(' ', statements)}");
    }
}
