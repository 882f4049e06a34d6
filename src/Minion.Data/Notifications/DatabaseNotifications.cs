using System.Text;
using Microsoft.Extensions.Logging;
using Minion.Data.Connections;

namespace Minion.Data.Notifications;

/// <summary>
/// Hints between processes through LISTEN and NOTIFY. They are fast, not reliable: while the connection is away some are lost, so
/// that whoever subscribes also looks by himself now and then, and always when he is told that listening has begun (again).
/// </summary>
public sealed class DatabaseNotifications : IAsyncDisposable
{
    /// <summary>The longest payload, in bytes of UTF-8; PostgreSQL takes no more.</summary>
    public const int MaxPayloadBytes = 7999;

    private readonly NotificationSender _sender;
    private readonly NotificationListener _listener;
    private int _disposed;

    internal DatabaseNotifications(DatabaseSettings settings, TimeProvider time, ILogger<DatabaseNotifications> log)
    {
        _sender = new NotificationSender(settings, time, log);
        _listener = new NotificationListener(settings, time, log);
    }

    /// <summary>
    /// Sends a notification soon, on a connection of its own and never in the caller's transaction: publish after the commit. Equal ones
    /// within 5 milliseconds become one. Never waits; when 10,000 are waiting the oldest is dropped.
    /// </summary>
    /// <param name="channel">The channel, at most 63 bytes.</param>
    /// <param name="payload">At most <see cref="MaxPayloadBytes"/>.</param>
    /// <exception cref="ArgumentException">The channel or the payload is too long, or the channel is empty.</exception>
    public void Publish(string channel, string payload = "")
    {
        Check(channel);
        if (Encoding.UTF8.GetByteCount(payload) > MaxPayloadBytes)
        {
            throw new ArgumentException($"A notification carries at most {MaxPayloadBytes} bytes.", nameof(payload));
        }

        _sender.Add(new Notification(channel, payload));
    }

    /// <summary>Calls <paramref name="handler"/> for each notification on <paramref name="channel"/>, also for those of this process.</summary>
    /// <param name="channel">The channel, at most 63 bytes.</param>
    /// <param name="handler">Gets the payload; must return at once. What it throws is logged.</param>
    /// <param name="listening">
    /// Called each time that listening has begun: notifications sent before that moment were missed. Must return at once.
    /// </param>
    /// <returns>Ends the subscription when it is disposed.</returns>
    /// <exception cref="ArgumentException">The channel is too long or empty.</exception>
    public IDisposable Subscribe(string channel, Action<string> handler, Action? listening = null)
    {
        Check(channel);
        return _listener.Add(new Subscription(channel, handler, listening));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _sender.DisposeAsync();
        await _listener.DisposeAsync();
    }

    private static void Check(string channel)
    {
        if (channel.Length == 0 || Encoding.UTF8.GetByteCount(channel) > 63)
        {
            throw new ArgumentException($"'{channel}' is no channel: a channel's name has 1 to 63 bytes.", nameof(channel));
        }
    }
}
