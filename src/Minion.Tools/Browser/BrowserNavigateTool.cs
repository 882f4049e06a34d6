using System.Net.Sockets;
using Microsoft.Playwright;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Network;
using Minion.Tools.Network.Proxy;

namespace Minion.Tools.Browser;

/// <summary>Opens a page.</summary>
internal sealed class BrowserNavigateTool(Browsers browsers, AddressGuard guard) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "browser_navigate",
        Version = "1.0",
        Category = "browser",
        Untrusted = true,
        Description =
            "Opens an http or https URL in a browser and gives the page as a list of its elements by role and accessible name. Use it for pages that need scripts, clicks or forms; http_fetch is faster for plain ones. The page stays open for the other browser tools.",
        InputSchema =
            """
            {
              "type": "object",
              "properties": { "url": { "type": "string", "minLength": 1, "maxLength": 4096 } },
              "required": ["url"],
              "additionalProperties": false
            }
            """,
        OutputSchema = BrowserSchemas.Page,
        Policy = new ToolPolicy(Effect.ReadOnly)
        {
            Timeout = TimeSpan.FromSeconds(90),
            Concurrency = 16,
            Permissions = ["tools:browser"],
        },
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        if (Urls.Check(call.Arguments.GetProperty("url").GetString()!.Trim(), out var url) is { } refused)
        {
            return refused;
        }

        try
        {
            await guard.ResolveAsync(url.IdnHost, url.Port, cancellationToken);
        }
        catch (Exception error) when (error is AddressRefusedException or SocketException)
        {
            return HttpFailures.Of(
                new HttpRequestException(error is SocketException ? HttpRequestError.NameResolutionError : HttpRequestError.ConnectionError, error.Message, error), url);
        }

        return await browsers.WithPageAsync(call, open: true, (session, page) => OpenAsync(session, page, url), cancellationToken);
    }

    private static async Task<ToolOutcome> OpenAsync(BrowserSession session, IPage page, Uri url)
    {
        session.TakeNotes();
        var response = await page.GotoAsync(url.AbsoluteUri, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        if (response is not null && response.Headers.ContainsKey(ProxiedConnection.RefusalHeader.ToLowerInvariant()))
        {
            return ToolOutcome.Failed(
                $"'{url}' leads to an address inside a private network or of this machine.",
                "Only public addresses are opened. Who runs the server can allow others with Tools:Network:Allow.");
        }

        return ToolOutcome.Result(await session.ViewAsync(response?.Status), BrowserJson.Readable.PageView);
    }
}
