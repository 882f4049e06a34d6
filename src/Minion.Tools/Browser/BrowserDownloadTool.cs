using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Files;
using Minion.Tools.Network;

namespace Minion.Tools.Browser;

/// <summary>Downloads a file by URL or by a click, with the page's cookies, into the workspace.</summary>
internal sealed class BrowserDownloadTool(Browsers browsers, Workspaces workspaces, TimeProvider time) : ITool
{
    private const int LongestText = 8_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public ToolDescription Description { get; } = new()
    {
        Name = "browser_download",
        Version = "1.0",
        Category = "browser",
        Untrusted = true,
        Description =
            "Downloads a file in the browser into the workspace: give the url, or the role and name of the link or button that starts the download. Gives its path, and its beginning when it is text.",
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": {
                "url": { "type": "string", "minLength": 1, "maxLength": 4096 },
                {{BrowserSchemas.Target}}
              },
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "name": { "type": "string" },
                "path": { "type": "string" },
                "url": { "type": "string" },
                "bytes": { "type": "integer", "minimum": 0 },
                "sha256": { "type": "string" },
                "text": { "type": "string" },
                "truncated": { "type": "boolean" }
              },
              "required": ["name", "path", "url", "bytes", "sha256", "truncated"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.SideEffect)
        {
            Timeout = TimeSpan.FromMinutes(5),
            Concurrency = 16,
            Permissions = ["tools:browser", FileWork.Permission],
        },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var target = ElementTarget.Read(call.Arguments);
        var given = call.Text("url").Trim();
        if (given.Length > 0 == !target.IsPage)
        {
            return new(ToolOutcome.Failed("Either a url or an element is needed, not both.", "Give url, or role and name."));
        }

        if (given.Length == 0)
        {
            return browsers.WithPageAsync(call, open: false, (session, page) => ByClickAsync(call, session, page, target, cancellationToken), cancellationToken);
        }

        return Urls.Check(given, out var url) is { } refused
            ? new(refused)
            : browsers.WithPageAsync(call, open: true, (session, page) => ByUrlAsync(call, session, page, url, cancellationToken), cancellationToken);
    }

    private async Task<ToolOutcome> ByClickAsync(ToolCall call, BrowserSession session, IPage page, ElementTarget target, CancellationToken cancellationToken)
    {
        if (await target.FindAsync(page) is not { } element)
        {
            return await target.NotFoundAsync(page);
        }

        var wait = new DownloadWait(session.Downloads, browsers.Options.DownloadLimit, time);
        using (session.Want(wait.TakeAsync))
        {
            await element.ClickAsync();
            return await FinishAsync(call, wait, otherwise: null, cancellationToken);
        }
    }

    private async Task<ToolOutcome> ByUrlAsync(ToolCall call, BrowserSession session, IPage page, Uri url, CancellationToken cancellationToken)
    {
        session.TakeNotes();
        var wait = new DownloadWait(session.Downloads, browsers.Options.DownloadLimit, time);
        using (session.Want(wait.TakeAsync))
        {
            IResponse? shown = null;
            try
            {
                shown = await page.GotoAsync(url.AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit });
            }
            catch (PlaywrightException error) when (error.Message.Contains("Download is starting", StringComparison.Ordinal) || error.Message.Contains("ERR_ABORTED", StringComparison.Ordinal))
            {
                // What is wanted: it is no page.
            }

            return await FinishAsync(call, wait, shown, cancellationToken);
        }
    }

    /// <param name="call">The call.</param>
    /// <param name="wait">The download.</param>
    /// <param name="otherwise">What the browser showed instead, which it has whole.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<ToolOutcome> FinishAsync(ToolCall call, DownloadWait wait, IResponse? otherwise, CancellationToken cancellationToken)
    {
        if (otherwise is not null)
        {
            return otherwise.Ok
                ? Keep(call, Path.GetFileName(new Uri(otherwise.Url).AbsolutePath), otherwise.Url, await otherwise.BodyAsync().WaitAsync(Patience, cancellationToken), cancellationToken)
                : ToolOutcome.Failed($"The site answered with status {otherwise.Status}.", "Check the URL.");
        }

        IDownload download;
        try
        {
            download = await wait.Begun.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return ToolOutcome.Failed("No download has begun.", "Look at the page with browser_extract: something else may have happened.");
        }

        var content = await wait.ReadAsync(download, cancellationToken);
        if (content is null)
        {
            return TooLong();
        }

        var outcome = Keep(call, download.SuggestedFilename, download.Url, content, cancellationToken);
        await download.DeleteAsync();
        return outcome;
    }

    private ToolOutcome Keep(ToolCall call, string name, string url, byte[] content, CancellationToken cancellationToken)
    {
        if (content.Length > browsers.Options.DownloadLimit)
        {
            return TooLong();
        }

        var path = BrowserFiles.Keep(workspaces, call, "downloads", name, content, cancellationToken);
        var text = TextOf(content);
        return ToolOutcome.Result(
            new PageDownload(BrowserFiles.SafeName(name), path, url, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)))
            {
                Text = text is null ? null : BrowserCalls.Cut(text, LongestText),
                Truncated = text?.Length > LongestText,
            },
            BrowserJson.Readable.PageDownload);
    }

    private ToolFailure TooLong() => ToolOutcome.Failed(
        $"The file has more than {browsers.Options.DownloadLimit} bytes and was not kept.", $"Look for a shorter one. Who runs the server can raise {BrowserOptions.Section}:DownloadLimit.");

    /// <summary>The content as text; null when it is none.</summary>
    private static string? TextOf(byte[] content)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content);
            return text.AsSpan().ContainsAny(NoText) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static readonly SearchValues<char> NoText = SearchValues.Create([.. Enumerable.Range(0, 9).Select(c => (char)c)]);
}
