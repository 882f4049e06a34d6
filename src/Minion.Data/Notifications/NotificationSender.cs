using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Minion.Data.Connections;
using Npgsql;

namespace Minion.Data.Notifications;

/// <summary>Sends what was gathered, at most one statement per interval.</summary>
internal sealed class NotificationSender(DatabaseSettings settings, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private const int Capacity = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly Channel<Notification> _waiting = Channel.CreateBounded<Notification>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _starting = new();
    private NpgsqlConnection? _connection;
    private Task? _loop;

    public void Add(Notification notification)
    {
        _waiting.Writer.TryWrite(notification);
        if (_loop is null)
        {
            lock (_starting)
            {
                _loop ??= Task.Run(RunAsync, CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await (_loop ?? Task.CompletedTask);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        var batch = new HashSet<Notification>();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                while (batch.Count < Capacity && _waiting.Reader.TryRead(out var notification))
                {
                    batch.Add(notification);
                }

                // What cannot be sent is dropped after the second attempt: hints grow stale, and whoever reconnects looks by himself.
                if (await SendAsync(batch) || await SendAsync(batch))
                {
                    failures = 0;
                    await Task.Delay(Interval, time, _stop.Token);
                }
                else
                {
                    failures++;
                    await Task.Delay(Reconnection.Delay(failures), time, _stop.Token);
                }

                batch.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        finally
        {
            await CloseAsync();
        }
    }

    private async Task<bool> SendAsync(HashSet<Notification> batch)
    {
        try
        {
            if (_connection is null)
            {
                _connection = new NpgsqlConnection(settings.ForLogin("notify"));
                await _connection.OpenAsync(_stop.Token);
            }

            await _connection.ExecuteAsync(
                "SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS n (channel, payload)",
                _stop.Token,
                batch.Select(n => n.Channel).ToArray(),
                batch.Select(n => n.Payload).ToArray());
            return true;
        }
        catch (NpgsqlException e)
        {
            log.NotificationsNotSent(batch.Count, e.Message);
            await CloseAsync();
            return false;
        }
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
