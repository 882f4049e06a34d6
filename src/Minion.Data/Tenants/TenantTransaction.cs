using Npgsql;

namespace Minion.Data;

/// <summary>
/// A transaction that sees and changes the rows of one tenant. Disposing it without <see cref="CommitAsync"/> rolls it back.
/// </summary>
public sealed class TenantTransaction : IAsyncDisposable
{
    internal TenantTransaction(string tenant, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        Tenant = tenant;
        Connection = connection;
        Transaction = transaction;
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>The connection, open until this object is disposed.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>The transaction on <see cref="Connection"/>.</summary>
    public NpgsqlTransaction Transaction { get; }

    /// <summary>Makes the changes durable. Only then may anybody be told of them.</summary>
    /// <param name="cancellationToken">Stops waiting; whether the commit happened is then unknown.</param>
    /// <exception cref="NpgsqlException">The commit failed, or its answer was lost.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default) => Transaction.CommitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
