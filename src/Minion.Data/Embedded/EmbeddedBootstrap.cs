using Minion.Data.Connections;
using Npgsql;

namespace Minion.Data.Embedded;

/// <summary>
/// Creates the login and its database on the embedded server, and sees to it that the login has the password of this start: the only
/// work of the superuser.
/// </summary>
internal static class EmbeddedBootstrap
{
    public static async Task RunAsync(string superuser, string password, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(superuser) { Pooling = false, ApplicationName = "minion-bootstrap" }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        if (await connection.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = $1 AND r.rolname = $1)",
            cancellationToken, EmbeddedPostgres.Login))
        {
            await SetPasswordAsync(connection, "ALTER ROLE %I PASSWORD %L", password, cancellationToken);
            return;
        }

        if (!await connection.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", cancellationToken, EmbeddedPostgres.Login))
        {
            await SetPasswordAsync(connection, "CREATE ROLE %I LOGIN CREATEROLE PASSWORD %L", password, cancellationToken);
        }

        var login = EmbeddedPostgres.Login.Quoted();
        await connection.ExecuteAsync($"CREATE DATABASE {login} OWNER {login}", cancellationToken);
    }

    /// <summary>Statements on roles take no parameters; PostgreSQL itself quotes what is put in.</summary>
    private static async Task SetPasswordAsync(NpgsqlConnection connection, string statement, string password, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(
            (await connection.ScalarAsync<string>("SELECT format($1, $2, $3)", cancellationToken, statement, EmbeddedPostgres.Login, password))!,
            cancellationToken);
}
