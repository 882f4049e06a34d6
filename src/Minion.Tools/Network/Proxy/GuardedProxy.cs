using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Minion.Tools.Network.Proxy;

/// <summary>
/// An HTTP proxy for programs that make their own connections: what they ask for goes out through a guard, so that the same rules hold for them.
/// It listens where its owner says (a loopback port, a Unix socket); it gives whoever reaches it nothing that this machine could not reach anyway.
/// </summary>
internal sealed class GuardedProxy : IAsyncDisposable
{
    /// <summary>Connections at a time; more wait to be accepted.</summary>
    private const int MostConnections = 256;

    private readonly Socket _listener;
    private readonly AddressGuard _guard;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(MostConnections);
    private readonly ConcurrentDictionary<Task, byte> _open = new();
    private readonly Task _accepting;

    /// <param name="listener">Bound and listening; the proxy owns it.</param>
    /// <param name="guard">What may be connected to.</param>
    /// <param name="time">For deadlines.</param>
    /// <param name="log">Hears of what is broken, never of what was refused.</param>
    public GuardedProxy(Socket listener, AddressGuard guard, TimeProvider time, ILogger log)
    {
        (_listener, _guard, _time, _log) = (listener, guard, time, log);
        _accepting = Task.Run(AcceptAsync, CancellationToken.None);
    }

    /// <summary>Is told the host of each request that the guard refused; any thread.</summary>
    public Action<string>? Refused { get; set; }

    /// <summary>Where it listens.</summary>
    public EndPoint EndPoint => _listener.LocalEndPoint!;

    /// <summary>One on a loopback port that the system chooses.</summary>
    public static GuardedProxy OnLoopback(AddressGuard guard, TimeProvider time, ILogger log)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(MostConnections);
            return new GuardedProxy(listener, guard, time, log);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>One on a Unix socket.</summary>
    /// <param name="path">Its file, which must not be there yet; at most 107 bytes long.</param>
    /// <param name="mode">Who may connect.</param>
    /// <param name="guard">What may be connected to.</param>
    /// <param name="time">For deadlines.</param>
    /// <param name="log">Hears of what is broken.</param>
    public static GuardedProxy OnFile(string path, UnixFileMode mode, AddressGuard guard, TimeProvider time, ILogger log)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, mode);
            listener.Listen(MostConnections);
            return new GuardedProxy(listener, guard, time, log);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_open.Keys);
        _stop.Dispose();
        _places.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _places.WaitAsync(_stop.Token);
                Serve(await _listener.AcceptAsync(_stop.Token));
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                _places.Release();
                _log.ProxyDidNotAccept(error);
            }
        }
    }

    private void Serve(Socket client)
    {
        var serving = Task.Run(() => ServeAsync(client), CancellationToken.None);
        _open.TryAdd(serving, 0);
        _ = serving.ContinueWith(
            done =>
            {
                _places.Release();
                _open.TryRemove(done, out _);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            await new ProxiedConnection(stream, _guard, _time, host => Refused?.Invoke(host)).RunAsync(_stop.Token);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two ends has gone: nothing is left to be told.
        }
        catch (Exception error)
        {
            _log.ProxyFailed(error);
        }
    }
}
