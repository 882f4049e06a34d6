using System.Security.Claims;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore.Sessions;

/// <summary>What is kept of a client between its requests.</summary>
internal sealed class HttpSession(string id, StreamableHttpServerTransport transport, McpServer server, string? user, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;
    private int _requests;
    private int _listens;
    private int _disposed;
    private long _lastUse = time.GetTimestamp();

    public string Id => id;

    public StreamableHttpServerTransport Transport => transport;

    public CancellationToken Ended => _end.Token;

    public bool IsIdle => Volatile.Read(ref _requests) == 0;

    public TimeSpan IdleFor => IsIdle ? time.GetElapsedTime(Volatile.Read(ref _lastUse)) : TimeSpan.Zero;

    public void Start() => _running = server.RunAsync(_end.Token);

    /// <summary>Whether this user began the session.</summary>
    public bool BelongsTo(ClaimsPrincipal principal) => UserOf(principal) == user;

    /// <summary>Whether the caller may listen for what the server says unasked: the transport allows that once.</summary>
    public bool TryListen() => Interlocked.Exchange(ref _listens, 1) == 0;

    /// <summary>Keeps the session from being idle until it is disposed.</summary>
    public Use BeginUse()
    {
        Interlocked.Increment(ref _requests);
        return new Use(this);
    }

    public static string? UserOf(ClaimsPrincipal principal) =>
        principal.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? principal.FindFirst("sub")?.Value ?? principal.FindFirst(ClaimTypes.Upn)?.Value;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DisposeAsync();
        await transport.DisposeAsync();
    }

    /// <summary>A request that is under way.</summary>
    public readonly struct Use(HttpSession session) : IDisposable
    {
        public void Dispose()
        {
            Volatile.Write(ref session._lastUse, session.Clock.GetTimestamp());
            Interlocked.Decrement(ref session._requests);
        }
    }

    private TimeProvider Clock => time;
}
