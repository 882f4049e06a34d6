using Minion.Data;
using Npgsql;

namespace Minion.Orchestration;

/// <summary>Hand-written SQL with its values, <c>$1</c> first.</summary>
internal static class Sql
{
    public static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Fill(command.Parameters, values);
        return command;
    }

    /// <summary>A command within a transaction.</summary>
    public static NpgsqlCommand Command(this TenantTransaction transaction, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, transaction.Connection, transaction.Transaction);
        Fill(command.Parameters, values);
        return command;
    }

    public static async Task<int> ExecuteAsync(this TenantTransaction transaction, string sql, object?[] values, CancellationToken cancellation)
    {
        await using var command = transaction.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>All rows of one statement.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this TenantTransaction transaction, string sql, object?[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = transaction.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAllAsync(read, cancellation);
    }

    /// <summary>All rows of one statement as the tenant; one round trip.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlDataSource source, string tenant, string sql, object?[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var batch = source.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(Statement(sql, values));
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellation);
        return await reader.ReadAllAsync(read, cancellation);
    }

    public static async Task<List<T>> ReadAllAsync<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>The time as the database keeps it (microseconds), so that what is answered is what will be read.</summary>
    public static DateTimeOffset GetStoredNow(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static void Fill(NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }
}
