using Grpc.Core;
using Minion.Contracts.Faults;
using Npgsql;

namespace Minion.Data.Migrations;

internal static class MigrationFailure
{
    /// <summary>Names the file and the statement that PostgreSQL refused.</summary>
    public static Fault Explain(PostgresException error, string schema, string file)
    {
        var statement = (error.BatchCommand?.CommandText ?? "").Trim();
        var start = statement.Length <= 120 ? statement : $"{statement[..120]}…";
        return new Fault(
            StatusCode.Internal,
            "MIGRATION_FAILED",
            $"Migration {file} of schema '{schema}' failed and left nothing behind: {error.MessageText} ({error.SqlState}) at: {start}",
            error.Hint ?? "Correct the migration, or the data that it stumbled over, and start again.");
    }
}
