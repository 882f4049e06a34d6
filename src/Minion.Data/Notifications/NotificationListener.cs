using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Minion.Data.Connections;
using Npgsql;

namespace Minion.Data.Notifications;

/// <summary>Listens on one connection for all subscriptions, and connects again when that is lost.</summary>
internal sealed class NotificationListener(DatabaseSettings settings, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _changing = new();
    private ImmutableList<Subscription> _subscriptions = [];
    private CancellationTokenSource _changed = new();
    private Task? _loop;

    public IDisposable Add(Subscription subscription)
    {
        Change(all => all.Add(subscription));
        return new Ending(() => Change(all => all.Remove(subscription)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_loop ?? Task.CompletedTask);
        _stop.Dispose();
        _changed.Dispose();
    }

    private void Change(Func<ImmutableList<Subscription>, ImmutableList<Subscription>> change)
    {
        CancellationTokenSource changed;
        lock (_changing)
        {
            _subscriptions = change(_subscriptions);
            changed = _changed;
            _changed = new CancellationTokenSource();
            if (!_stop.IsCancellationRequested)
            {
                _loop ??= Task.Run(RunAsync, CancellationToken.None);
            }
        }

        changed.Cancel();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString());
                await connection.OpenAsync(_stop.Token);
                connection.Notification += (_, e) => Deliver(e.Channel, e.Payload);
                if (failures > 0)
                {
                    log.ListeningAgain(failures);
                }

                failures = 0;
                await ListenAsync(connection);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            // A wait that was ended may leave a connection that is no longer open; using it then is an InvalidOperationException.
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
            {
                failures++;
                if (failures == 1)
                {
                    log.ListeningLost(e.Message);
                }

                await Task.Delay(Reconnection.Delay(failures), time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection)
    {
        var told = ImmutableHashSet.Create<Subscription>(ReferenceEqualityComparer.Instance);
        var listening = ImmutableHashSet<string>.Empty;
        while (true)
        {
            var (subscriptions, changed) = Current();
            var wanted = subscriptions.Select(s => s.Channel).ToImmutableHashSet();
            var sql = string.Concat(
                [.. wanted.Except(listening).Select(c => $"LISTEN {c.Quoted()};"), .. listening.Except(wanted).Select(c => $"UNLISTEN {c.Quoted()};")]);
            if (sql.Length > 0)
            {
                await connection.ExecuteAsync(sql, _stop.Token);
                listening = wanted;
            }

            foreach (var subscription in subscriptions.Where(s => !told.Contains(s)))
            {
                Call(subscription.Channel, subscription.Listening);
            }

            told = ImmutableHashSet.CreateRange<Subscription>(ReferenceEqualityComparer.Instance, subscriptions);
            await WaitAsync(connection, changed);
        }
    }

    /// <summary>Until the subscriptions change.</summary>
    private async Task WaitAsync(NpgsqlConnection connection, CancellationToken changed)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, changed);
        try
        {
            while (true)
            {
                await connection.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // The subscriptions changed; the connection is as it was.
        }
    }

    private (ImmutableList<Subscription> Subscriptions, CancellationToken Changed) Current()
    {
        lock (_changing)
        {
            return (_subscriptions, _changed.Token);
        }
    }

    private string ConnectionString() =>
        new NpgsqlConnectionStringBuilder(settings.ForLogin("listen")) { KeepAlive = 10 }.ConnectionString;

    private void Deliver(string channel, string payload)
    {
        foreach (var subscription in _subscriptions.Where(s => s.Channel == channel))
        {
            Call(channel, () => subscription.Handler(payload));
        }
    }

    private void Call(string channel, Action? action)
    {
        try
        {
            action?.Invoke();
        }
        catch (Exception e)
        {
            log.NotificationHandlerFailed(channel, e);
        }
    }

    private sealed class Ending(Action end) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                end();
            }
        }
    }
}
