using System.Data;
using Npgsql;

namespace Minion.Data;

/// <summary>Work inside one tenant: row-level security shows and accepts the rows of that tenant only.</summary>
public static class TenantScope
{
    private const string SetTenant = "SELECT set_config('minion.tenant', $1, true)";

    /// <summary>Begins a transaction of <paramref name="tenant"/>; one round trip.</summary>
    /// <param name="dataSource">The data source of a service's database role.</param>
    /// <param name="tenant">The tenant; not empty.</param>
    /// <param name="cancellationToken">Cancels the beginning.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static Task<TenantTransaction> BeginTenantAsync(
        this NpgsqlDataSource dataSource, string tenant, CancellationToken cancellationToken = default) =>
        dataSource.BeginTenantAsync(tenant, IsolationLevel.ReadCommitted, cancellationToken);

    /// <summary>Begins a transaction of <paramref name="tenant"/> with an isolation level; one round trip.</summary>
    /// <param name="dataSource">The data source of a service's database role.</param>
    /// <param name="tenant">The tenant; not empty.</param>
    /// <param name="isolation">What the transaction sees of others.</param>
    /// <param name="cancellationToken">Cancels the beginning.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<TenantTransaction> BeginTenantAsync(
        this NpgsqlDataSource dataSource, string tenant, IsolationLevel isolation, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenant);
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
            await using var command = new NpgsqlCommand(SetTenant, connection, transaction) { Parameters = { new() { Value = tenant } } };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new TenantTransaction(tenant, connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A batch whose first command sets the tenant: add commands and execute it, all in one round trip and one implicit transaction.
    /// Read its rows with <see cref="ExecuteTenantReaderAsync"/> (the first result is the tenant's).
    /// </summary>
    /// <param name="dataSource">The data source of a service's database role.</param>
    /// <param name="tenant">The tenant; not empty.</param>
    public static NpgsqlBatch CreateTenantBatch(this NpgsqlDataSource dataSource, string tenant)
    {
        var batch = dataSource.CreateBatch();
        batch.AddTenant(tenant);
        return batch;
    }

    /// <summary>
    /// Adds a command that sets the tenant for those that follow it: a batch may work for several tenants in turn, in one transaction. The command has
    /// a result of its own (one row).
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="tenant">The tenant; not empty.</param>
    public static void AddTenant(this NpgsqlBatch batch, string tenant)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SetTenant) { Parameters = { new() { Value = tenant } } });
    }

    /// <summary>Executes a batch of <see cref="CreateTenantBatch"/> and stands at the first result of the commands added to it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Cancels the batch.</param>
    /// <exception cref="NpgsqlException">A command failed; the batch changed nothing.</exception>
    public static async Task<NpgsqlDataReader> ExecuteTenantReaderAsync(
        this NpgsqlBatch batch, CancellationToken cancellationToken = default)
    {
        var reader = await batch.ExecuteReaderAsync(cancellationToken);
        try
        {
            await reader.NextResultAsync(cancellationToken);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }
}
