using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;
using Barrier = Minion.Contracts.Orchestration.V1.Barrier;

namespace Minion.Orchestration.Coordination;

/// <summary>Barriers. An arrival is a row: who crashed after it has arrived all the same, and asks again with its key.</summary>
internal sealed class BarrierStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    /// <summary>Comes to the barrier, or looks at it again; the last one of a generation opens it.</summary>
    /// <exception cref="Fault">The barrier is for another number of parties.</exception>
    public async Task<ArriveAtBarrierResponse> ArriveAsync(string tenant, string name, int parties, string party, string key, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var (current, size) = await LockAsync(transaction, name, parties, cancellation);
        if (size != parties)
        {
            throw CoordinationFaults.OtherParties(name, size, parties);
        }

        // Without a key, one arrival of a party is meant in each generation.
        var arrival = key.Length > 0 ? "key:" + key : $"generation:{current}";
        await transaction.ExecuteAsync(
            """
            INSERT INTO orchestration.barrier_arrivals (tenant, name, party, key, generation, at) VALUES ($1, $2, $3, $4, $5, now())
            ON CONFLICT DO NOTHING
            """,
            [tenant, name, party, arrival, current],
            cancellation);
        var (generation, arrived) = await LookAsync(transaction, name, party, arrival, cancellation);
        if (generation == current && arrived >= size)
        {
            current++;
            await transaction.ExecuteAsync("UPDATE orchestration.barriers SET generation = $3 WHERE tenant = $1 AND name = $2", [tenant, name, current], cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return new ArriveAtBarrierResponse { Open = generation < current, Generation = generation, Arrived = arrived };
    }

    /// <summary>Whether a generation has opened.</summary>
    public async Task<bool> IsOpenAsync(string tenant, string name, long generation, CancellationToken cancellation)
    {
        var found = await database.QueryAsync(
            tenant, "SELECT generation FROM orchestration.barriers WHERE tenant = $1 AND name = $2", [tenant, name], row => row.GetInt64(0), cancellation);
        return found is [var current] && current > generation;
    }

    /// <summary>All barriers, with who has arrived in their current generation.</summary>
    public Task<List<Barrier>> ListAsync(string tenant, CancellationToken cancellation) => database.QueryAsync(
        tenant,
        """
        SELECT b.name, b.parties, b.generation, ARRAY(
          SELECT a.party FROM orchestration.barrier_arrivals a
          WHERE a.tenant = b.tenant AND a.name = b.name AND a.generation = b.generation ORDER BY a.at LIMIT 200)
        FROM orchestration.barriers b WHERE b.tenant = $1 ORDER BY b.name LIMIT 200
        """,
        [tenant],
        row => new Barrier { Name = row.GetString(0), Parties = row.GetInt32(1), Generation = row.GetInt64(2), Arrived = { row.GetFieldValue<string[]>(3) } },
        cancellation);

    /// <summary>False when there is none. Whoever waits at it goes on waiting, in vain.</summary>
    public async Task<bool> DeleteAsync(string tenant, string name, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        var deleted = await transaction.ExecuteAsync("DELETE FROM orchestration.barriers WHERE tenant = $1 AND name = $2", [tenant, name], cancellation);
        await transaction.ExecuteAsync("DELETE FROM orchestration.barrier_arrivals WHERE tenant = $1 AND name = $2", [tenant, name], cancellation);
        await transaction.CommitAsync(cancellation);
        return deleted > 0;
    }

    private static async Task<(long Generation, int Parties)> LockAsync(TenantTransaction transaction, string name, int parties, CancellationToken cancellation)
    {
        await transaction.ExecuteAsync(
            "INSERT INTO orchestration.barriers (tenant, name, parties) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [transaction.Tenant, name, parties], cancellation);
        var locked = await transaction.QueryAsync(
            "SELECT generation, parties FROM orchestration.barriers WHERE tenant = $1 AND name = $2 FOR UPDATE",
            [transaction.Tenant, name],
            row => (row.GetInt64(0), row.GetInt32(1)),
            cancellation);
        return locked is [var found] ? found : throw CoordinationFaults.NoBarrier(name);
    }

    private static async Task<(long Generation, int Arrived)> LookAsync(
        TenantTransaction transaction, string name, string party, string key, CancellationToken cancellation)
    {
        var found = await transaction.QueryAsync(
            """
            SELECT mine.generation, (
              SELECT count(DISTINCT a.party)::int FROM orchestration.barrier_arrivals a
              WHERE a.tenant = $1 AND a.name = $2 AND a.generation = mine.generation)
            FROM orchestration.barrier_arrivals mine
            WHERE mine.tenant = $1 AND mine.name = $2 AND mine.party = $3 AND mine.key = $4
            """,
            [transaction.Tenant, name, party, key],
            row => (row.GetInt64(0), row.GetInt32(1)),
            cancellation);
        return found[0];
    }
}
