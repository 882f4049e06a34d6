using Minion.Data;
using Npgsql;

namespace Minion.Models.Money;

internal static class TenantQueries
{
    /// <summary>All rows of one statement as the tenant; one round trip.</summary>
    public static async Task<List<T>> QueryTenantAsync<T>(
        this NpgsqlDataSource database, string tenant, string sql, object[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(tenant);
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
