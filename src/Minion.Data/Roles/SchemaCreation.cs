using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Data.Connections;
using Npgsql;

namespace Minion.Data.Roles;

/// <summary>Lets the migrator create schemas in the database.</summary>
internal static class SchemaCreation
{
    private const string IsAllowed = "SELECT has_database_privilege($1, current_database(), 'CREATE')";

    public static async Task AllowAsync(NpgsqlConnection connection, string migrator, CancellationToken cancellationToken)
    {
        if (await connection.ScalarAsync<bool>(IsAllowed, cancellationToken, migrator))
        {
            return;
        }

        var grant = $"GRANT CREATE ON DATABASE {connection.Database.Quoted()} TO {migrator.Quoted()}";
        // Two grants at once on one database fail with "tuple concurrently updated".
        await connection.ExecuteAsync("SELECT pg_advisory_lock($1)", cancellationToken, AdvisoryLocks.SchemaRight);
        try
        {
            await connection.ExecuteAsync(grant, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // Who has some right on the database gets a warning instead of this error: both are found out below.
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock($1)", CancellationToken.None, AdvisoryLocks.SchemaRight);
        }

        if (!await connection.ScalarAsync<bool>(IsAllowed, cancellationToken, migrator))
        {
            throw new Fault(
                StatusCode.FailedPrecondition,
                "DATABASE_RIGHTS_MISSING",
                $"The database role '{migrator}' may not create schemas in the database '{connection.Database}', and the login may not allow it.",
                $"Let an administrator run: {grant};");
        }
    }
}
