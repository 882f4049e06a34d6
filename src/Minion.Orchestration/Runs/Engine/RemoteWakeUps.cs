using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Minion.Data.Notifications;
using Minion.ServiceDefaults.Redis;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Wake-ups between processes: through Redis while it answers, else through the database's notifications. Those that come close together become one.
/// </summary>
internal sealed class RemoteWakeUps(RedisHints hints, DatabaseNotifications notifications, TimeProvider time) : BackgroundService
{
    /// <summary>The channel of either; its payload says who woke.</summary>
    public const string ChannelName = "minion_runs";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes all other processes. Never waits.</summary>
    public void Wake()
    {
        if (hints.IsUp)
        {
            _asked.Writer.TryWrite(true);
        }
        else
        {
            notifications.Publish(ChannelName);
        }
    }

    /// <summary>Calls <paramref name="wake"/> when another process wakes this one, however that comes.</summary>
    public IDisposable Subscribe(Action wake)
    {
        var self = Encoding.UTF8.GetBytes(hints.Self);
        return new Both(
            notifications.Subscribe(ChannelName, _ => wake()),
            hints.Subscribe(
                ChannelName,
                sender =>
                {
                    if (!sender.AsSpan().SequenceEqual(self))
                    {
                        wake();
                    }
                },
                listening: wake));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wake = (ChannelName, Encoding.UTF8.GetBytes(hints.Self));
        try
        {
            while (await _asked.Reader.WaitToReadAsync(stoppingToken))
            {
                _asked.Reader.TryRead(out _);
                if (!await hints.PublishAsync([wake], stoppingToken))
                {
                    notifications.Publish(ChannelName);
                }

                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
