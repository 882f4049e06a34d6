using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Minion.Server.InProcess;

/// <summary>Kestrel's side of a connection of two pipes; when either side ends it, the other reads its end.</summary>
internal sealed class InProcessConnection : DefaultConnectionContext
{
    private static readonly PipeOptions Options = new(useSynchronizationContext: false);

    private readonly Pipe _toServer = new(Options);
    private readonly Pipe _toClient = new(Options);

    // Its own, because that of the base class may be cancelled after it was disposed. Without a timer it needs no disposal.
    private readonly CancellationTokenSource _closed = new();

    public InProcessConnection(EndPoint here)
        : base(Guid.CreateVersion7().ToString("N"))
    {
        LocalEndPoint = here;
        RemoteEndPoint = here;
        ConnectionClosed = _closed.Token;
        Transport = new Sides(_toServer.Reader, _toClient.Writer);
        Client = new InProcessStream(_toClient.Reader, _toServer.Writer);
    }

    /// <summary>The client's side.</summary>
    public Stream Client { get; }

    /// <summary>Kestrel leaves its loops, and then disposes this.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _ = _closed.CancelAsync();
        _toServer.Reader.CancelPendingRead();
        _toClient.Writer.CancelPendingFlush();
    }

    public override async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _toServer.Reader.CompleteAsync();
        await _toClient.Writer.CompleteAsync();
        await base.DisposeAsync();
    }

    private sealed record Sides(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
