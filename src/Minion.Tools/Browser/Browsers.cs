using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using Minion.Tools.Network;

namespace Minion.Tools.Browser;

/// <summary>The browser of this process: started when it is first needed, a context for each run, ended when nothing has used it for a while.</summary>
internal sealed class Browsers : IAsyncDisposable, IDisposable
{
    private readonly BrowserOptions _options;
    private readonly AddressGuard _guard;
    private readonly TimeProvider _time;
    private readonly ILogger<Browsers> _log;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<BrowserKey, BrowserSession> _sessions = [];
    private readonly ITimer _reclaim;
    private BrowserProgram? _program;
    private long _lastUsed;

    public Browsers(IOptions<BrowserOptions> options, AddressGuard guard, TimeProvider time, ILogger<Browsers> log)
    {
        (_options, _guard, _time, _log) = (options.Value, guard, time, log);
        var interval = TimeSpan.FromTicks(_options.IdleTimeout.Ticks / 4);
        _reclaim = time.CreateTimer(_ => _ = ReclaimAsync(), state: null, interval, interval);
    }

    public BrowserOptions Options => _options;

    /// <summary>Whether the program runs.</summary>
    public bool IsRunning => _program is { Browser.IsConnected: true };

    /// <summary>Runs with pages open.</summary>
    public int Open => _sessions.Count;

    /// <summary>The pages of a run, for one call at a time; dispose the hold afterwards.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="open">Whether to open some where there are none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when there are none.</returns>
    /// <exception cref="BrowserUnavailableException">There is no browser, or all of its contexts are in use.</exception>
    public async Task<BrowserHold?> HoldAsync(BrowserKey key, bool open, CancellationToken cancellationToken)
    {
        while (true)
        {
            var session = await FindAsync(key, open, cancellationToken);
            if (session is null)
            {
                return null;
            }

            await session.Lock.WaitAsync(cancellationToken);
            if (session.IsOpen)
            {
                _lastUsed = session.LastUsed = _time.GetTimestamp();
                return new BrowserHold(session, _time);
            }

            // It was closed while this call waited for it.
            session.Lock.Release();
            await RemoveAsync(key, session);
        }
    }

    /// <summary>Closes the pages of a run; false when there were none.</summary>
    public async Task<bool> CloseAsync(BrowserKey key)
    {
        await _gate.WaitAsync();
        try
        {
            if (!_sessions.Remove(key, out var session))
            {
                return false;
            }

            await session.CloseAsync();
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes what has been idle for too long, and the browser when nothing is left.</summary>
    public async Task ReclaimAsync()
    {
        await _gate.WaitAsync();
        try
        {
            foreach (var (key, session) in _sessions.Where(s => !s.Value.IsOpen || (!s.Value.IsHeld && IsOld(s.Value.LastUsed))).ToList())
            {
                _sessions.Remove(key);
                await session.CloseAsync();
            }

            if (_program is { } program && _sessions.Count == 0 && (IsOld(_lastUsed) || !program.Browser.IsConnected))
            {
                _program = null;
                await program.DisposeAsync();
                _log.BrowserEnded();
            }
        }
        catch (Exception error)
        {
            _log.BrowserNotReclaimed(error);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reclaim.DisposeAsync();
        await _gate.WaitAsync();
        foreach (var session in _sessions.Values)
        {
            await session.CloseAsync();
        }

        if (_program is not null)
        {
            await _program.DisposeAsync();
        }
    }

    /// <summary>Ends the browser without a word.</summary>
    public void Dispose()
    {
        _reclaim.Dispose();
        _program?.Dispose();
    }

    private async Task<BrowserSession?> FindAsync(BrowserKey key, bool open, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_sessions.TryGetValue(key, out var session) && session.IsOpen)
            {
                return session;
            }

            if (!open)
            {
                return null;
            }

            session = await OpenAsync(cancellationToken);
            _sessions[key] = session;
            return session;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<BrowserProgram> ProgramAsync(CancellationToken cancellationToken)
    {
        if (_program is { Browser.IsConnected: true } running)
        {
            return running;
        }

        if (_program is { } dead)
        {
            _program = null;
            _log.BrowserDied();
            foreach (var session in _sessions.Values)
            {
                await session.CloseAsync();
            }

            _sessions.Clear();
            await dead.DisposeAsync();
        }

        _program = await BrowserProgram.StartAsync(_options, _time, cancellationToken);
        _lastUsed = _time.GetTimestamp();
        _log.BrowserStarted(_program.Browser.Version);
        return _program;
    }

    private async Task MakeRoomAsync()
    {
        foreach (var (key, closed) in _sessions.Where(s => !s.Value.IsOpen).ToList())
        {
            _sessions.Remove(key);
            await closed.CloseAsync();
        }

        if (_sessions.Count < _options.Contexts)
        {
            return;
        }

        var idle = _sessions.Where(s => !s.Value.IsHeld).OrderBy(s => s.Value.LastUsed).FirstOrDefault();
        if (idle.Value is null)
        {
            throw new BrowserUnavailableException($"All {_options.Contexts} browser contexts are in use; try again in a moment.");
        }

        _sessions.Remove(idle.Key);
        await idle.Value.CloseAsync();
    }

    private async Task<BrowserSession> OpenAsync(CancellationToken cancellationToken)
    {
        var program = await ProgramAsync(cancellationToken);
        await MakeRoomAsync();
        try
        {
            return await BrowserSession.OpenAsync(program, _guard, _options, _time, _log);
        }
        catch (PlaywrightException) when (!program.Browser.IsConnected)
        {
            // It has died since it was last used.
            return await BrowserSession.OpenAsync(await ProgramAsync(cancellationToken), _guard, _options, _time, _log);
        }
    }

    private async Task RemoveAsync(BrowserKey key, BrowserSession session)
    {
        await _gate.WaitAsync();
        try
        {
            if (_sessions.TryGetValue(key, out var current) && current == session)
            {
                _sessions.Remove(key);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private bool IsOld(long used) => _time.GetElapsedTime(used) >= _options.IdleTimeout;
}
