using Minion.Data.Connections;
using Npgsql;

namespace Minion.Data.Migrations;

/// <summary>The table of applied migrations that each schema has. It is no tenant's; services may only read it.</summary>
internal static class MigrationHistory
{
    public const string Table = "applied_migrations";

    public static async Task PrepareAsync(
        NpgsqlConnection connection, MigrationSet set, Func<string, string> roleName, CancellationToken cancellationToken)
    {
        var schema = set.Schema.Quoted();
        var grants = string.Concat(set.Roles.Select(role => $"""
            GRANT USAGE ON SCHEMA {schema} TO {roleName(role).Quoted()};
            GRANT SELECT ON {schema}.{Table} TO {roleName(role).Quoted()};

            """));
        await connection.ExecuteAsync(
            $"""
            CREATE SCHEMA IF NOT EXISTS {schema};
            CREATE TABLE IF NOT EXISTS {schema}.{Table} (
              version int PRIMARY KEY,
              name text NOT NULL,
              checksum text NOT NULL,
              applied_at timestamptz NOT NULL DEFAULT now()
            );
            {grants}
            """,
            cancellationToken);
    }

    /// <summary>Empty when the schema was never migrated.</summary>
    public static async Task<IReadOnlyList<AppliedMigration>> ReadAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var exists = await connection.ScalarAsync<bool>(
            "SELECT to_regclass($1) IS NOT NULL", cancellationToken, $"{schema.Quoted()}.{Table}");
        if (!exists)
        {
            return [];
        }

        var applied = new List<AppliedMigration>();
        await using var command = new NpgsqlCommand(
            $"SELECT version, name, checksum, applied_at FROM {schema.Quoted()}.{Table} ORDER BY version", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return applied;
    }

    public static Task AddAsync(NpgsqlConnection connection, string schema, Migration migration, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            $"INSERT INTO {schema.Quoted()}.{Table} (version, name, checksum) VALUES ($1, $2, $3)",
            cancellationToken, migration.Version, migration.Name, migration.Checksum);

    public static Task RemoveAsync(NpgsqlConnection connection, string schema, Migration migration, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            $"DELETE FROM {schema.Quoted()}.{Table} WHERE version = $1", cancellationToken, migration.Version);
}
