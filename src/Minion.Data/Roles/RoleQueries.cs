using Npgsql;

namespace Minion.Data.Roles;

/// <summary>A role that the login cannot start sessions as: it does not exist, or it is not granted to the login.</summary>
internal sealed record MissingRole(string Name, bool Exists);

internal static class RoleQueries
{
    private static readonly Version WithSetOption = new(16, 0);

    public static async Task<IReadOnlyList<MissingRole>> MissingAsync(
        NpgsqlConnection connection, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        // From version 16 on, membership alone does not allow SET ROLE.
        var right = connection.PostgreSqlVersion >= WithSetOption ? "SET" : "MEMBER";
        await using var command = new NpgsqlCommand(
            """
            SELECT wanted.name, r.oid IS NOT NULL
            FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place)
            LEFT JOIN pg_roles r ON r.rolname = wanted.name
            WHERE r.oid IS NULL OR NOT pg_has_role(current_user, r.oid, $2)
            ORDER BY wanted.place
            """,
            connection)
        {
            Parameters = { new() { Value = names.ToArray() }, new() { Value = right } },
        };
        var missing = new List<MissingRole>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            missing.Add(new MissingRole(reader.GetString(0), reader.GetBoolean(1)));
        }

        return missing;
    }
}
