using Microsoft.Playwright;

namespace Minion.Tools.Browser;

/// <summary>What the model hears when the browser could not do something.</summary>
internal static class BrowserFailures
{
    public static ToolFailure NoPage { get; } = ToolOutcome.Failed(
        "No page is open.", "Open one with browser_navigate first. Pages are closed when they have not been used for a while.");

    public static ToolFailure Unavailable(BrowserUnavailableException error) => ToolOutcome.Failed(
        error.Message, "Do without the browser; http_fetch reads pages that need no script. Who runs the server can install what is missing.");

    public static ToolFailure Silent { get; } = ToolOutcome.FailedForNow(
        "The page does not answer: its script may be busy for ever. It was closed.", "Open it again with browser_navigate, or do without it.");

    public static ToolFailure Of(PlaywrightException error, IReadOnlyList<string> notes)
    {
        var refused = notes.Where(note => note.Contains("was refused", StringComparison.Ordinal)).ToList();
        var (what, hint) = Explain(error.Message);
        return refused.Count > 0
            ? ToolOutcome.Failed($"{what} {string.Join(' ', refused)}", "Only public addresses can be opened. Who runs the server can allow others with Tools:Network:Allow.")
            : ToolOutcome.FailedForNow(what, hint);
    }

    private static (string What, string Hint) Explain(string message) => message switch
    {
        _ when Has(message, "ERR_NAME_NOT_RESOLVED") || Has(message, "ERR_TUNNEL_CONNECTION_FAILED") =>
            ("The site is not known, or cannot be reached.", "Check the spelling of the URL, or try another site."),
        _ when Has(message, "ERR_CERT") || Has(message, "ERR_SSL") => ("No secure connection could be made: the site's certificate is wrong.", "Try another site."),
        _ when Has(message, "ERR_ABORTED") || Has(message, "Download is starting") =>
            ("The URL is a file to download, or the site ended the navigation.", "Use browser_download for files."),
        _ when Has(message, "ERR_TOO_MANY_REDIRECTS") => ("The site redirects in a circle.", "Try another URL."),
        _ when Has(message, "Target crashed") || Has(message, "has been closed") =>
            ("The page crashed or was closed.", "Open it again with browser_navigate."),
        _ when Has(message, "Timeout") => ("It took too long.", "Look at the page with browser_extract, or try again."),
        _ => (FirstLine(message), "Look at the page with browser_extract, then try something else."),
    };

    private static bool Has(string message, string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static string FirstLine(string message)
    {
        var line = message.Split('\n', 2)[0];
        return line.Length <= 300 ? line : line[..300] + "…";
    }
}
