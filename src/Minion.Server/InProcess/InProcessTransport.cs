using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Minion.Server.InProcess;

/// <summary>
/// Connections from this process to its own Kestrel over pipes instead of sockets: the same calls, through the same middleware, without the system's
/// network. Such a connection has no addresses.
/// </summary>
internal sealed class InProcessTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; } = new InProcessEndPoint();

    public bool CanBind(EndPoint endpoint) => endpoint is InProcessEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <summary>The client's side of a new connection. It waits in the queue while Kestrel does not listen yet.</summary>
    /// <exception cref="IOException">Kestrel does not listen any more.</exception>
    public Stream Connect()
    {
        var connection = new InProcessConnection(EndPoint);
        return _connections.Writer.TryWrite(connection) ? connection.Client : throw new IOException("The server is stopping.");
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _connections.Reader.WaitToReadAsync(cancellationToken) && _connections.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
