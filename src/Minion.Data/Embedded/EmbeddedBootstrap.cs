using Minion.Data.Connections;
using Npgsql;

namespace Minion.Data.Embedded;

/// <summary>Creates the login and its database on the embedded server: the only work of the superuser.</summary>
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
            return;
        }

        var login = EmbeddedPostgres.Login.Quoted();
        if (!await connection.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", cancellationToken, EmbeddedPostgres.Login))
        {
            // The password is hexadecimal, made by this program.
            await connection.ExecuteAsync($"CREATE ROLE {login} LOGIN CREATEROLE PASSWORD '{password}'", cancellationToken);
        }

        await connection.ExecuteAsync($"CREATE DATABASE {login} OWNER {login}", cancellationToken);
    }
}
