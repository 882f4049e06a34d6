using Microsoft.Extensions.Logging;
using Minion.Contracts.Faults;
using Minion.Data.Connections;
using Minion.Data.Roles;
using Npgsql;

namespace Minion.Data.Migrations;

/// <summary>
/// Brings the database's schemas to the versions that the program carries. Any number of hosts may call it at once: an advisory lock
/// lets one of them work and the others find everything done.
/// </summary>
public sealed class Migrator
{
    private readonly IReadOnlyList<MigrationSet> _sets;
    private readonly DatabaseSettings _settings;
    private readonly DatabaseRoleCreation _roles;
    private readonly TimeProvider _time;
    private readonly ILogger<Migrator> _log;

    internal Migrator(
        IEnumerable<MigrationSet> sets, DatabaseSettings settings, DatabaseRoleCreation roles, TimeProvider time, ILogger<Migrator> log)
    {
        _sets = [.. sets];
        _settings = settings;
        _roles = roles;
        _time = time;
        _log = log;
    }

    /// <summary>
    /// Creates the missing roles and schemas and applies every pending migration, each in a transaction of its own. A database that does not
    /// answer, or that goes away meanwhile, is waited for (<see cref="DatabaseOptions.StartPatience"/>).
    /// </summary>
    /// <param name="cancellationToken">Stops between or in migrations; what was committed stays.</param>
    /// <returns>What was applied, in order.</returns>
    /// <exception cref="Fault">
    /// FAILED_PRECONDITION: the database is newer than the program, an applied file changed, or the login lacks a right; nothing was
    /// changed. INTERNAL: a migration failed (the message names the file); it left nothing behind.
    /// </exception>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<IReadOnlyList<MigrationStatus>> UpAsync(CancellationToken cancellationToken = default)
    {
        var started = _time.GetTimestamp();
        var told = false;
        while (true)
        {
            try
            {
                return await TryUpAsync(cancellationToken);
            }
            catch (NpgsqlException e) when (e.IsTransient && _time.GetElapsedTime(started) < _settings.StartPatience)
            {
                if (!told)
                {
                    _log.DatabaseDoesNotAnswer(e.Message, _settings.StartPatience.TotalSeconds);
                    told = true;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(250), _time, cancellationToken);
            }
        }
    }

    /// <summary>Takes migrations of one schema back, newest first, until <paramref name="target"/> is the last one.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="target">The version that stays; 0 takes back all.</param>
    /// <param name="cancellationToken">Stops between or in migrations; what was committed stays.</param>
    /// <returns>What was taken back, in order.</returns>
    /// <exception cref="ArgumentException">No set of migrations has this schema.</exception>
    /// <exception cref="Fault">As for <see cref="UpAsync"/>; also when a file to go down with is missing.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<IReadOnlyList<MigrationStatus>> DownAsync(
        string schema, int target, CancellationToken cancellationToken = default)
    {
        var set = _sets.FirstOrDefault(s => s.Schema == schema)
            ?? throw new ArgumentException($"There is no schema '{schema}'; there are {string.Join(", ", _sets.Select(s => s.Schema))}.");
        await using var connection = await OpenLockedAsync(cancellationToken);
        var applied = await MigrationHistory.ReadAsync(connection, schema, cancellationToken);
        var back = MigrationPlan.Down(schema, target, set.Read(), applied);
        foreach (var migration in back)
        {
            await RunAsync(
                connection, set, migration.Down!, migration.DownFile,
                () => MigrationHistory.RemoveAsync(connection, schema, migration, cancellationToken), cancellationToken);
        }

        return [.. back.Select(m => new MigrationStatus(schema, m.Version, m.Name, MigrationState.Pending, AppliedAt: null))];
    }

    /// <summary>Where every migration stands; changes nothing.</summary>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<IReadOnlyList<MigrationStatus>> StatusAsync(CancellationToken cancellationToken = default)
    {
        if (!await _roles.ExistsAsync(DatabaseRoles.Migrator, cancellationToken))
        {
            return [.. _sets.SelectMany(s => MigrationStatus.Compare(s.Schema, s.Read(), []))];
        }

        await using var connection = new NpgsqlConnection(_settings.ForSingle(DatabaseRoles.Migrator));
        await connection.OpenAsync(cancellationToken);
        var all = new List<MigrationStatus>();
        foreach (var set in _sets)
        {
            var applied = await MigrationHistory.ReadAsync(connection, set.Schema, cancellationToken);
            all.AddRange(MigrationStatus.Compare(set.Schema, set.Read(), applied));
        }

        return all;
    }

    /// <summary>
    /// Waits until another host has applied every migration that this program carries, also while the database cannot be reached yet;
    /// for hosts that do not migrate.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="OperationCanceledException">The wait was stopped.</exception>
    public async Task WaitUntilMigratedAsync(CancellationToken cancellationToken = default)
    {
        var told = false;
        while (!await IsMigratedAsync(cancellationToken))
        {
            if (!told)
            {
                _log.WaitingForMigrations();
                told = true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), _time, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<MigrationStatus>> TryUpAsync(CancellationToken cancellationToken)
    {
        await _roles.EnsureAsync([.. _sets.SelectMany(s => s.Roles), DatabaseRoles.Migrator], cancellationToken);
        await using var connection = await OpenLockedAsync(cancellationToken);

        var pending = new List<(MigrationSet Set, Migration Migration)>();
        foreach (var set in _sets)
        {
            var applied = await MigrationHistory.ReadAsync(connection, set.Schema, cancellationToken);
            pending.AddRange(MigrationPlan.Up(set.Schema, set.Read(), applied).Select(m => (set, m)));
        }

        foreach (var set in _sets)
        {
            await MigrationHistory.PrepareAsync(connection, set, _settings.RoleName, cancellationToken);
        }

        foreach (var (set, migration) in pending)
        {
            await RunAsync(
                connection, set, migration.Up, migration.UpFile,
                () => MigrationHistory.AddAsync(connection, set.Schema, migration, cancellationToken), cancellationToken);
        }

        return [.. pending.Select(p =>
            new MigrationStatus(p.Set.Schema, p.Migration.Version, p.Migration.Name, MigrationState.Applied, _time.GetUtcNow()))];
    }

    private async Task<bool> IsMigratedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var status = await StatusAsync(cancellationToken);
            return status.All(s => s.State != MigrationState.Pending);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<NpgsqlConnection> OpenLockedAsync(CancellationToken cancellationToken)
    {
        // Waiting for another host, and a migration itself, may take as long as they need.
        var patient = new NpgsqlConnectionStringBuilder(_settings.ForSingle(DatabaseRoles.Migrator)) { CommandTimeout = 0 };
        var connection = new NpgsqlConnection(patient.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (!await connection.ScalarAsync<bool>("SELECT pg_try_advisory_lock($1)", cancellationToken, AdvisoryLocks.Migration))
            {
                _log.WaitingForMigrationLock();
                await connection.ExecuteAsync("SELECT pg_advisory_lock($1)", cancellationToken, AdvisoryLocks.Migration);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task RunAsync(
        NpgsqlConnection connection, MigrationSet set, string text, string file, Func<Task> remember, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var statements = SqlStatements.Split(MigrationSql.Fill(text, file, set, _settings.RoleName));
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        SqlStatement? current = null;
        try
        {
            await connection.ExecuteAsync($"SET LOCAL search_path = {set.Schema.Quoted()}, public", cancellationToken);
            foreach (var statement in statements)
            {
                current = statement;
                await connection.ExecuteAsync(statement.Text, cancellationToken);
            }

            current = null;
            await remember();
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (!e.IsTransient)
        {
            throw MigrationFailure.Explain(e, set.Schema, file, current);
        }

        _log.MigrationRan(set.Schema, file, _time.GetElapsedTime(started).TotalMilliseconds);
    }
}
