using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ModelContextProtocol.AspNetCore.Sessions;

/// <summary>The sessions of this process.</summary>
internal sealed class SessionTable
{
    private readonly ConcurrentDictionary<string, HttpSession> _sessions = new(StringComparer.Ordinal);

    public void Add(HttpSession session) => _sessions[session.Id] = session;

    public bool TryGet(string id, [NotNullWhen(true)] out HttpSession? session) => _sessions.TryGetValue(id, out session);

    public async Task RemoveAsync(HttpSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        await session.DisposeAsync();
    }

    /// <summary>Ends those that nobody has used for long, and the longest unused ones of too many.</summary>
    public async Task SweepAsync()
    {
        var idle = _sessions.Values.Where(s => s.IsIdle).OrderByDescending(s => s.IdleFor).ToList();
        var surplus = idle.Count - HttpServerTransportOptions.MaxIdleSessionCount;
        foreach (var (index, session) in idle.Index())
        {
            if (index < surplus || session.IdleFor >= HttpServerTransportOptions.IdleTimeout)
            {
                await RemoveAsync(session);
            }
        }
    }

    public Task ClearAsync() => Task.WhenAll(_sessions.Values.Select(RemoveAsync));
}
