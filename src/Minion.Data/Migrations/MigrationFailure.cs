using Grpc.Core;
using Minion.Contracts.Faults;
using Npgsql;

namespace Minion.Data.Migrations;

internal static class MigrationFailure
{
    /// <summary>Names the file, the line and what PostgreSQL said.</summary>
    public static Fault Explain(PostgresException error, string schema, string file, SqlStatement? statement)
    {
        var place = statement is null ? "" : $", line {LineOf(error, statement)}";
        return new Fault(
            StatusCode.Internal,
            "MIGRATION_FAILED",
            $"Migration {file}{place}, of schema '{schema}' failed and left nothing behind: {error.MessageText} ({error.SqlState}).",
            error.Hint ?? "Correct the migration, or the data that it stumbled over, and start again.");
    }

    private static int LineOf(PostgresException error, SqlStatement statement) =>
        statement.Line + statement.Text.AsSpan(0, Math.Clamp(error.Position - 1, 0, statement.Text.Length)).Count('\n');
}
