using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Minion.Crash.Arena;

/// <summary>
/// A server's way to PostgreSQL, which can be disturbed: connections are cut, refused, delayed or frozen, and answers lost on the way back after what
/// they answer was done.
/// </summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly EndPoint _postgres;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = Opened();
    private volatile bool _refuses;
    private volatile bool _losesAnswers;
    private volatile int _delay;

    public Proxy(EndPoint postgres)
    {
        _postgres = postgres;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>All connections are reset; new ones are let through.</summary>
    public void Cut()
    {
        foreach (var link in _links.Keys)
        {
            link.Dispose();
        }
    }

    /// <summary>No connection, for a while.</summary>
    public async Task RefuseAsync(TimeSpan time)
    {
        _refuses = true;
        Cut();
        await Task.Delay(time);
        _refuses = false;
    }

    /// <summary>Nothing comes through in either direction for a while; then all of it does.</summary>
    public async Task FreezeAsync(TimeSpan time)
    {
        var frozen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open = frozen;
        await Task.Delay(time);
        _open = Opened();
        frozen.SetResult();
    }

    /// <summary>What is sent arrives and is done, what is answered does not come back; then all connections are reset.</summary>
    public async Task LoseAnswersAsync(TimeSpan time)
    {
        _losesAnswers = true;
        await Task.Delay(time);
        Cut();
        _losesAnswers = false;
    }

    /// <summary>Each packet takes up to <paramref name="most"/> longer, for a while.</summary>
    public async Task DelayAsync(TimeSpan most, TimeSpan time)
    {
        _delay = (int)most.TotalMilliseconds;
        await Task.Delay(time);
        _delay = 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Cut();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptSocketAsync(_stop.Token);
            _ = Task.Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var link = new Link(client, new Socket(_postgres.AddressFamily, SocketType.Stream, ProtocolType.Unspecified));
        _links[link] = true;
        try
        {
            if (!_refuses && !_stop.IsCancellationRequested)
            {
                await link.Postgres.ConnectAsync(_postgres);
                await Task.WhenAny(PumpAsync(link.Client, link.Postgres, isAnswer: false), PumpAsync(link.Postgres, link.Client, isAnswer: true));
            }
        }
        catch (SocketException)
        {
            // PostgreSQL is away: the client hears that its connection is.
        }
        catch (ObjectDisposedException)
        {
            // It was cut just now.
        }
        finally
        {
            _links.TryRemove(link, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                await _open.Task;
                if (_delay is > 0 and var most)
                {
                    await Task.Delay(Random.Shared.Next(most));
                }

                for (var sent = 0; sent < read && !(isAnswer && _losesAnswers);)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // Either side has gone: the other goes too.
        }
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private sealed record Link(Socket Client, Socket Postgres) : IDisposable
    {
        public void Dispose()
        {
            // A reset, not an orderly end.
            Client.Close(0);
            Postgres.Close(0);
        }
    }
}
