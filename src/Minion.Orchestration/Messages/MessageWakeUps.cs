using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Minion.Data.Notifications;

namespace Minion.Orchestration.Messages;

/// <summary>
/// Wakes those who wait for something by its name, in this process and in others. Only a hint: whoever waits also looks at intervals.
/// </summary>
internal sealed class MessageWakeUps(DatabaseNotifications notifications, IOptions<MessageOptions> options, TimeProvider time) : IHostedService, IDisposable
{
    private const string Channel = "minion_messages";

    /// <summary>What wakes those who start runs.</summary>
    public const string AnyStart = "starts";

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = notifications.Subscribe(Channel, Wake);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _subscription?.Dispose();

    /// <summary>After the commit: whoever waits for the mailbox looks.</summary>
    public void Wake(string tenant, string mailbox)
    {
        Publish(Key(tenant, mailbox));
        if (mailbox.StartsWith(Address.Starts, StringComparison.Ordinal))
        {
            Publish(AnyStart);
        }
    }

    /// <summary>
    /// Looks until there is something, or the time is over; looks at least once.
    /// </summary>
    public Task<T?> UntilAsync<T>(string tenant, string mailbox, TimeSpan wait, Func<Task<T?>> look, CancellationToken cancellation) =>
        UntilAsync(Key(tenant, mailbox), wait, look, cancellation);

    /// <summary>Ends when something is woken by the name. To be asked for before the look, so that nothing is slept through between look and wait.</summary>
    public Task Woken(string name) => _waiting.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Returns when <paramref name="woken"/> ends, or after the poll's interval.</summary>
    public Task WaitAsync(Task woken, CancellationToken cancellation) => WaitAsync(woken, options.Value.Poll, cancellation);

    private async Task<T?> UntilAsync<T>(string name, TimeSpan wait, Func<Task<T?>> look, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var woken = Woken(name);
            if (await look() is { } found)
            {
                return found;
            }

            var left = wait - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                // Forgets the name; others that wait for it look once more for nothing.
                Wake(name);
                return default;
            }

            await WaitAsync(woken, left < options.Value.Poll ? left : options.Value.Poll, cancellation);
        }
    }

    private async Task WaitAsync(Task woken, TimeSpan longest, CancellationToken cancellation)
    {
        try
        {
            await woken.WaitAsync(longest, time, cancellation);
        }
        catch (TimeoutException)
        {
            // Looks by itself.
        }
    }

    private void Publish(string key)
    {
        Wake(key);
        notifications.Publish(Channel, key);
    }

    private void Wake(string key)
    {
        if (_waiting.TryRemove(key, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>Notifications are seen by all of the database, so they name nobody.</summary>
    private static string Key(string tenant, string mailbox) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{mailbox}")).AsSpan(0, 12));
}
