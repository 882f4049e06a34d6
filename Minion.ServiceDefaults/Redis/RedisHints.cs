using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Minion.ServiceDefaults.Redis;

/// <summary>
/// Hints between processes through Redis. They are fast, not reliable: what is sent while Redis is away, or while a receiver is, is lost; so
/// whoever subscribes also looks by himself now and then. Without a Redis nothing is sent and nothing comes.
/// </summary>
public sealed class RedisHints
{
    private readonly RedisConnection? _connection;
    private readonly RedisOptions _options;
    private readonly MinionTelemetry _telemetry;
    private readonly TimeProvider _time;

    internal RedisHints(RedisConnection? connection, IOptions<RedisOptions> options, MinionTelemetry telemetry, TimeProvider time)
    {
        _connection = connection;
        _options = options.Value;
        _telemetry = telemetry;
        _time = time;
    }

    /// <summary>A name for this process among those that share the Redis.</summary>
    public string Self { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Whether a Redis is configured.</summary>
    public bool IsConfigured => _connection is not null;

    /// <summary>Whether it answered when it was last asked.</summary>
    public bool IsUp => _connection is { IsUp: true };

    /// <summary>Sends hints, all at once. Returns within the timeout of the options; whether Redis has taken all of them.</summary>
    /// <param name="hints">The channel of each, and what it says.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<bool> PublishAsync(IReadOnlyList<(string Channel, byte[] Payload)> hints, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hints);
        var sent = _connection is { IsUp: true, Subscriber: { } subscriber } && await SendAsync(subscriber, hints, cancellationToken);
        if (_connection is not null)
        {
            _telemetry.CountHints(hints.Count, sent);
        }

        return sent;
    }

    /// <summary>Calls <paramref name="handler"/> for each hint on <paramref name="channel"/>, also for those of this process. A channel has one subscription; a later one takes its place.</summary>
    /// <param name="channel">The channel, taken literally.</param>
    /// <param name="handler">Gets the payload; may be called from several threads, must return at once, and must not throw.</param>
    /// <param name="listening">Called each time that listening has begun: hints sent before that were missed. Must return at once.</param>
    /// <returns>Ends the subscription when it is disposed.</returns>
    public IDisposable Subscribe(string channel, Action<byte[]> handler, Action? listening = null)
    {
        if (_connection is not { } connection)
        {
            return new Subscription(() => { });
        }

        var remove = connection.Subscriptions.Add(Full(channel), handler, listening);
        connection.Nudge();
        return new Subscription(() =>
        {
            remove();
            connection.Nudge();
        });
    }

    private async Task<bool> SendAsync(ISubscriber subscriber, IReadOnlyList<(string Channel, byte[] Payload)> hints, CancellationToken ct)
    {
        try
        {
            var sending = hints.Select(hint => subscriber.PublishAsync(RedisSubscriptions.Channel(Full(hint.Channel)), hint.Payload)).ToList();
            await Task.WhenAll(sending).WaitAsync(_options.Timeout, _time, ct);
            return true;
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            _connection!.Nudge();
            return false;
        }
    }

    private string Full(string channel) => $"{_options.Prefix}:{channel}";

    private sealed class Subscription(Action end) : IDisposable
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
