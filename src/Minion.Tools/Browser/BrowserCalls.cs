using Microsoft.Playwright;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.Browser;

/// <summary>What all tools of the browser do around their own work.</summary>
internal static class BrowserCalls
{
    private const int LongestSnapshot = 16_000;
    private static readonly TimeSpan OpeningTime = TimeSpan.FromSeconds(30);

    /// <summary>Does something with the current page of the run; what goes wrong is a failure.</summary>
    public static async ValueTask<ToolOutcome> WithPageAsync(
        this Browsers browsers, ToolCall call, bool open, Func<BrowserSession, IPage, Task<ToolOutcome>> work, CancellationToken cancellationToken)
    {
        try
        {
            using var hold = await browsers.HoldAsync(BrowserKey.Of(call), open, cancellationToken);
            if (hold?.Session is not { } session || (!open && session.Page is null))
            {
                return BrowserFailures.NoPage;
            }

            var page = await session.PageAsync().WaitAsync(OpeningTime, cancellationToken);
            try
            {
                return await work(session, page).WaitAsync(cancellationToken);
            }
            catch (PlaywrightException error)
            {
                return BrowserFailures.Of(error, session.TakeNotes());
            }
            catch (FileRefusal refusal)
            {
                return refusal.Failure;
            }
            catch (TimeoutException)
            {
                await session.CloseAsync();
                return BrowserFailures.Silent;
            }
            catch (OperationCanceledException)
            {
                // The driver still works on it: these pages are of no use to a further call.
                _ = session.CloseAsync();
                throw;
            }
        }
        catch (BrowserUnavailableException error)
        {
            return BrowserFailures.Unavailable(error);
        }
        catch (PlaywrightException error)
        {
            return BrowserFailures.Of(error, []);
        }
    }

    /// <summary>Waits until the page is there, or has had its time.</summary>
    public static async Task SettleAsync(this IPage page)
    {
        try
        {
            await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded, new() { Timeout = 10_000 });
            await page.WaitForLoadStateAsync(LoadState.Load, new() { Timeout = 3_000 });
        }
        catch (TimeoutException)
        {
            // A page that never ends loading is read as it is.
        }
    }

    /// <summary>The page as the model sees it.</summary>
    public static async Task<PageView> ViewAsync(this BrowserSession session, int? status = null)
    {
        var page = await session.PageAsync();
        await page.SettleAsync();
        var title = await page.TitleAsync().WaitAsync(session.Patience);
        var isEmpty = await page.Locator("html").CountAsync().WaitAsync(session.Patience) == 0;
        var snapshot = isEmpty ? "" : await page.Locator("html").AriaSnapshotAsync(new() { Timeout = (float)session.Patience.TotalMilliseconds });
        return new PageView(page.Url, title, Cut(snapshot, LongestSnapshot), snapshot.Length > LongestSnapshot)
        {
            Status = status,
            Notes = session.TakeNotes(),
        };
    }

    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
}
