using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Minion.Tools.Network;
using Minion.Tools.Network.Proxy;

namespace Minion.Tools.Browser;

/// <summary>The pages of one run: a context of its own (cookies, storage, proxy), of which the newest page is the current one.</summary>
internal sealed class BrowserSession
{
    private const int MostPages = 5;
    private const int MostNotes = 20;
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(10);

    private readonly IBrowserContext _context;
    private readonly GuardedProxy _proxy;
    private readonly ConcurrentQueue<string> _notes = new();
    private volatile bool _closed;
    private volatile IPage? _current;
    private Func<IDownload, Task>? _wanted;
    private Task? _closing;

    private BrowserSession(IBrowserContext context, GuardedProxy proxy, string downloads, TimeSpan patience, long now)
    {
        (_context, _proxy, Downloads, Patience, LastUsed) = (context, proxy, downloads, patience, now);
        proxy.Refused += host => Note($"A request to '{Short(host)}' was refused: only public addresses, and those that the server's settings allow, can be reached.");
        context.Close += (_, _) => _closed = true;
        context.Page += (_, page) => Adopt(page);
        context.Dialog += (_, dialog) => _ = AnswerAsync(dialog);
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        context.SetDefaultNavigationTimeout(30_000);
    }

    /// <summary>Opens a context with a way out of its own.</summary>
    public static async Task<BrowserSession> OpenAsync(BrowserProgram program, AddressGuard guard, BrowserOptions options, TimeProvider time, ILogger log)
    {
        var (proxy, server) = program.Proxies.Open(guard, time, log);
        try
        {
            var context = await program.Browser.NewContextAsync(new BrowserNewContextOptions
            {
                Proxy = new Proxy { Server = server },
                ServiceWorkers = ServiceWorkerPolicy.Block,
                AcceptDownloads = true,
                ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
                Locale = "en-US",
            });
            if (program.Proxies.AreAllThereIs)
            {
                // A browser without any network but its loopback tells pages that it is offline.
                await context.AddInitScriptAsync("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => true, configurable: true })");
            }

            return new BrowserSession(context, proxy, program.Downloads, options.Patience, time.GetTimestamp());
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>One call at a time.</summary>
    public SemaphoreSlim Lock { get; } = new(1);

    public bool IsHeld => Lock.CurrentCount == 0;

    public bool IsOpen => !_closed && _context.Browser?.IsConnected == true;

    /// <summary>How long a page has for one thing.</summary>
    public TimeSpan Patience { get; }

    /// <summary>Where the browser writes downloads that are under way.</summary>
    public string Downloads { get; }

    /// <summary>A timestamp of the time provider.</summary>
    public long LastUsed { get; set; }

    /// <summary>The page that calls are about; null when none is open.</summary>
    public IPage? Page => _current is { IsClosed: false } page ? page : _context.Pages.LastOrDefault();

    /// <summary>The current page, or a new one.</summary>
    public async Task<IPage> PageAsync() => Page ?? await _context.NewPageAsync();

    /// <summary>What has happened beside what was asked, since it was last asked for.</summary>
    public IReadOnlyList<string> TakeNotes()
    {
        var notes = new List<string>();
        while (_notes.TryDequeue(out var note))
        {
            notes.Add(note);
        }

        return [.. notes.Distinct(StringComparer.Ordinal).Take(MostNotes)];
    }

    /// <summary>Has the next download handed over instead of refused, until it is disposed.</summary>
    public IDisposable Want(Func<IDownload, Task> take)
    {
        _wanted = take;
        return new Unwanted(this);
    }

    /// <summary>Closes the pages; a page that hangs is left to the browser's end.</summary>
    public Task CloseAsync()
    {
        lock (_proxy)
        {
            return _closing ??= CloseOnceAsync();
        }
    }

    private async Task CloseOnceAsync()
    {
        _closed = true;
        try
        {
            await _context.CloseAsync().WaitAsync(ClosingTime);
        }
        catch (Exception error) when (error is PlaywrightException or TimeoutException)
        {
            // The browser has gone, or does not answer.
        }

        await _proxy.DisposeAsync();
    }

    private void Adopt(IPage page)
    {
        _current = page;
        page.Close += (_, closed) => _current = _current == closed ? null : _current;
        page.Download += (_, download) => _ = TakeAsync(download);
        page.Crash += (_, _) => Note("The page crashed.");
        var pages = _context.Pages;
        if (pages.Count > 1)
        {
            Note("A new page was opened; it is the current one.");
        }

        if (pages.Count > MostPages)
        {
            _ = CloseOldestAsync(pages[0]);
        }
    }

    private static async Task CloseOldestAsync(IPage page)
    {
        try
        {
            await page.CloseAsync();
        }
        catch (PlaywrightException)
        {
            // It was closed already.
        }
    }

    private async Task TakeAsync(IDownload download)
    {
        try
        {
            if (Interlocked.Exchange(ref _wanted, null) is { } take)
            {
                await take(download);
                return;
            }

            Note($"The page began to download '{Short(download.SuggestedFilename)}', which was refused: use browser_download to download a file.");
            await download.CancelAsync();
            await download.DeleteAsync();
        }
        catch (PlaywrightException)
        {
            // The page has gone, and the download with it.
        }
    }

    private async Task AnswerAsync(IDialog dialog)
    {
        try
        {
            if (dialog.Type == "beforeunload")
            {
                await dialog.AcceptAsync();
                return;
            }

            Note($"A dialog ({dialog.Type}) said '{Short(dialog.Message)}' and was dismissed.");
            await dialog.DismissAsync();
        }
        catch (PlaywrightException)
        {
            // The page has gone, and the dialog with it.
        }
    }

    private void Note(string note)
    {
        if (_notes.Count < MostNotes)
        {
            _notes.Enqueue(note);
        }
    }

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";

    private sealed class Unwanted(BrowserSession session) : IDisposable
    {
        public void Dispose() => session._wanted = null;
    }
}
