using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.Data;
using Npgsql;

namespace Minion.Tools.Idempotency;

/// <summary>
/// Shows other processes that this one lives: an advisory lock of PostgreSQL on a connection of its own, which is gone the moment that the process is. A
/// connection that breaks is made anew; meanwhile the calls of this process look as if they had ended.
/// </summary>
internal sealed class CallOwner([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, TimeProvider time, ILogger<CallOwner> log) : BackgroundService
{
    private const int SecondsToAnswer = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    private readonly long _id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The id of this process, once others can see that it lives.</summary>
    public async ValueTask<long> IdAsync(CancellationToken cancellationToken)
    {
        await _held.Task.WaitAsync(cancellationToken);
        return _id;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await HoldAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.CallOwnerLost(exception, Pause);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task HoldAsync(CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        using var alive = new PeriodicTimer(BetweenLooks, time);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new() { Value = _id } } };
        await command.ExecuteNonQueryAsync(stoppingToken);
        _held.TrySetResult();
        try
        {
            // A connection that something in between has dropped says so only when it is used, and the lock went with it.
            while (await alive.WaitForNextTickAsync(stoppingToken))
            {
                await using var look = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = SecondsToAnswer };
                await look.ExecuteNonQueryAsync(stoppingToken);
            }
        }
        finally
        {
            await LetGoAsync(connection);
        }
    }

    /// <summary>A connection that goes back to its pool would keep the lock.</summary>
    private async Task LetGoAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new() { Value = _id } } };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or ObjectDisposedException)
        {
            // The lock has gone with the connection.
        }
    }
}
