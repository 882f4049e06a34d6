using Npgsql;

namespace Minion.Data.Connections;

internal static class ConnectionQueries
{
    private const string CurrentRoleSql = "SELECT current_user::text";

    public static string CurrentRole(this NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(CurrentRoleSql, connection);
        return (string)command.ExecuteScalar()!;
    }

    public static async Task<string> CurrentRoleAsync(this NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(CurrentRoleSql, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public static async Task ExecuteAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<T?> ScalarAsync<T>(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }

    /// <summary>Quotes <paramref name="identifier"/>, so that any name is safe in SQL.</summary>
    public static string Quoted(this string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
