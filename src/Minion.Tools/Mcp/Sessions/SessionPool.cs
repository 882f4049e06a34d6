using Microsoft.Extensions.Logging;
using Minion.Tools.Mcp.Calls;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Cleaning;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Sessions;

/// <summary>
/// The connections of one source. All calls share one, until a server asks in the middle of a call: that call keeps its connection for
/// itself. A connection that has ended is made anew when it is needed, after a pause that doubles with each failure in a row.
/// </summary>
internal sealed class SessionPool : IAsyncDisposable
{
    private readonly string _source;
    private readonly int _most;
    private readonly Func<CancellationToken, Task<ServerSession>> _connect;
    private readonly ILogger _log;
    private readonly SentSecrets _sent;
    private readonly Coalesced _changes;
    private readonly Trouble _trouble;
    private readonly Signal _changed = new();
    private readonly Lock _lock = new();
    private readonly List<ServerSession> _sessions = [];
    private Task<ServerSession>? _connecting;
    private bool _connectedBefore;
    private bool _alone;
    private bool _disposed;

    /// <param name="source">The source's name.</param>
    /// <param name="most">How many connections there may be at a time.</param>
    /// <param name="connect">Makes a connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="sent">What must not be seen in it.</param>
    public SessionPool(string source, int most, Func<CancellationToken, Task<ServerSession>> connect, TimeProvider time, ILogger log, SentSecrets sent)
    {
        (_source, _most, _connect, _log, _sent) = (source, most, connect, log, sent);
        _trouble = new Trouble(time);
        _changes = new Coalesced(() => ListChanged?.Invoke(this, EventArgs.Empty), time);
    }

    /// <summary>Raised when the server's lists may have changed; at most once a second.</summary>
    public event EventHandler? ListChanged;

    public SourceHealth Health
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Exists(session => session.IsAlive) ? new SourceHealth(SourceState.Ready)
                    : _trouble.Problem is { Length: > 0 } problem ? new SourceHealth(SourceState.Failing, problem)
                    : new SourceHealth(SourceState.Idle);
            }
        }
    }

    /// <summary>A connection that <paramref name="call"/> has entered.</summary>
    /// <exception cref="ToolSourceException">There is none to be had now; says why and for how long.</exception>
    public async Task<ServerSession> EnterAsync(OpenCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Taken before it is looked: who leaves in between is not missed.
            var wait = _changed.Next;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_sessions.Find(session => session.TryEnter(call, _alone)) is { } found)
                {
                    return found;
                }

                wait = _sessions.Count(session => session.IsAlive) >= _most ? wait : Connecting();
            }

            await WaitAsync(wait, cancellationToken);
        }
    }

    /// <summary>What the server says that it can do.</summary>
    public async Task<ServerCapabilities> CapabilitiesAsync(CancellationToken cancellationToken)
    {
        var call = new OpenCall();
        var session = await EnterAsync(call, cancellationToken);
        session.Leave(call);
        await call.DisposeAsync();
        return session.Client.ServerCapabilities;
    }

    /// <summary>Tells all connections which tools there are; those that cannot be called, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Know(IReadOnlyList<Tool> tools)
    {
        ServerSession[] sessions;
        lock (_lock)
        {
            sessions = [.. _sessions];
        }

        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, problem) in sessions.SelectMany(session => session.Know(tools)))
        {
            refused[name] = problem;
        }

        return refused;
    }

    /// <summary>A call has left; who waits looks again.</summary>
    public void Left() => _changed.Raise();

    /// <summary>The server has answered a call.</summary>
    public void Answered() => _trouble.Over();

    public async ValueTask DisposeAsync()
    {
        ServerSession[] sessions;
        Task<ServerSession>? connecting;
        lock (_lock)
        {
            _disposed = true;
            connecting = _connecting;
            sessions = [.. _sessions];
            _sessions.Clear();
        }

        _changes.Dispose();
        _changed.Raise();
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }

        if (connecting is not null)
        {
            await connecting.ContinueWith(
                async made =>
                {
                    if (made.IsCompletedSuccessfully)
                    {
                        await (await made).DisposeAsync();
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default).Unwrap();
        }
    }

    private async Task WaitAsync(Task wait, CancellationToken cancellationToken)
    {
        try
        {
            await wait.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not (ToolSourceException or ObjectDisposedException) && !cancellationToken.IsCancellationRequested)
        {
            throw new ToolSourceException($"'{_source}' cannot be reached: {ServerText.Clean(exception.Message, 1_000)}", exception);
        }
    }

    private Task Connecting()
    {
        if (_connecting is { IsCompleted: false } already)
        {
            return already;
        }

        return _trouble.Left is { } left
            ? Task.FromException(new ToolSourceException($"'{_source}' is tried again in {left.TotalSeconds:0.0} s. {_trouble.Problem}"))
            : _connecting = Task.Run(ConnectAsync);
    }

    private async Task<ServerSession> ConnectAsync()
    {
        try
        {
            var session = await _connect(CancellationToken.None);
            session.ListChanged += (_, _) => _changes.Signal();
            session.Ambiguous += (_, _) => Alone();
            Add(session);
            _ = AfterEndAsync(session);
            return session;
        }
        catch (Exception exception)
        {
            Failed(exception.Message);
            throw;
        }
    }

    private void Add(ServerSession session)
    {
        var again = false;
        lock (_lock)
        {
            _sessions.Add(session);
            again = _connectedBefore && _sessions.Count == 1;
            _connectedBefore = true;
        }

        if (again)
        {
            // A server that has come back may be another one.
            _changes.Signal();
        }
    }

    private async Task AfterEndAsync(ServerSession session)
    {
        var reason = await session.Ended;
        bool expected;
        lock (_lock)
        {
            expected = _disposed || !_sessions.Remove(session);
        }

        if (!expected)
        {
            Failed(reason);
            await session.DisposeAsync();
        }

        _changed.Raise();
    }

    private void Failed(string reason)
    {
        reason = ServerText.Clean(_sent.Clean(reason), 1_000);
        var pause = _trouble.Failed(reason);
        _log.McpServerEnded(_source, reason, pause);
    }

    private void Alone()
    {
        lock (_lock)
        {
            _alone = true;
        }
    }
}
