using Npgsql;

namespace Minion.Tools.Sources.Sql;

/// <summary>
/// Refuses logins that a read-only transaction does not hold: a superuser, whoever can become one, and whoever may run programs or reach files of the
/// database's machine, can do so while only reading (<c>COPY … TO PROGRAM</c>, <c>pg_read_file</c>).
/// </summary>
internal static class SqlLogins
{
    private const string Question =
        """
        SELECT CASE
          WHEN (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN 'is a superuser'
          WHEN EXISTS (SELECT FROM pg_roles r WHERE r.rolsuper AND pg_has_role(session_user, r.oid, 'MEMBER')) THEN 'may become a superuser'
          WHEN EXISTS (SELECT FROM pg_roles r
                       WHERE r.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
                         AND pg_has_role(session_user, r.oid, 'MEMBER')) THEN 'may reach files or programs of the database''s machine'
          WHEN EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                       WHERE n.nspname = 'tools' AND c.relname = 'calls' AND pg_has_role(session_user, c.relowner, 'MEMBER')) THEN 'belongs to Minion itself'
          ELSE '' END
        """;

    public static void Check(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Question, connection);
        Judge((string?)command.ExecuteScalar());
    }

    public static async Task CheckAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Question, connection);
        Judge((string?)await command.ExecuteScalarAsync());
    }

    private static void Judge(string? problem)
    {
        if (problem is { Length: > 0 })
        {
            throw new ToolSourceException($"The login of this connection {problem}; make one with only the rights that agents shall have.");
        }
    }
}
