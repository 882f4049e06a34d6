using Microsoft.Playwright;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Browser;

/// <summary>Reads the current page.</summary>
internal sealed class BrowserExtractTool(Browsers browsers) : ITool
{
    private const int LongestText = 48_000;
    private const int MostLinks = 500;
    private const int MostTables = 50;
    private const int MostRows = 500;

    private const string ReadLinks =
        """
        (root, most) => [...root.querySelectorAll('a[href]')].slice(0, most + 1)
            .map(a => ({ text: (a.innerText || a.getAttribute('aria-label') || '').trim().slice(0, 300), url: String(a.href).slice(0, 2000) }))
        """;

    private const string ReadTables =
        """
        (root, most) => [...(root.matches('table') ? [root] : root.querySelectorAll('table'))].slice(0, most[0])
            .map(t => [...t.rows].slice(0, most[1]).map(r => [...r.cells].slice(0, 100).map(c => c.innerText.trim().slice(0, 2000))))
        """;

    public ToolDescription Description { get; } = new()
    {
        Name = "browser_extract",
        Version = "1.0",
        Category = "browser",
        Untrusted = true,
        Description =
            "Reads the page that is open in the browser: its 'text', its 'links', its 'tables' as rows of cells, or again its 'elements' by role and accessible name. Give role and name (or a CSS selector) to read only a part.",
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": {
                "what": { "enum": ["text", "links", "tables", "elements"], "default": "text" },
                {{BrowserSchemas.Target}},
                "selector": { "type": "string", "minLength": 1, "maxLength": 1000 }
              },
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "url": { "type": "string" },
                "title": { "type": "string" },
                "truncated": { "type": "boolean" },
                "text": { "type": "string" },
                "links": {
                  "type": "array",
                  "items": { "type": "object", "properties": { "text": { "type": "string" }, "url": { "type": "string" } }, "required": ["text", "url"] }
                },
                "tables": { "type": "array", "items": { "type": "array", "items": { "type": "array", "items": { "type": "string" } } } }
              },
              "required": ["url", "title", "truncated"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly)
        {
            Timeout = TimeSpan.FromSeconds(45),
            Concurrency = 16,
            Permissions = ["tools:browser"],
            ResultLimit = 64 * 1024,
        },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) =>
        browsers.WithPageAsync(call, open: false, (session, page) => ReadAsync(call, page).WaitAsync(session.Patience * 3, cancellationToken), cancellationToken);

    private static async Task<ToolOutcome> ReadAsync(ToolCall call, IPage page)
    {
        await page.SettleAsync();
        var target = ElementTarget.Read(call.Arguments);
        if (await target.FindAsync(page) is not { } element)
        {
            return await target.NotFoundAsync(page);
        }

        var extract = new PageExtract(page.Url, await page.TitleAsync(), Truncated: false);
        var what = call.Arguments.TryGetProperty("what", out var asked) ? asked.GetString() : "text";
        return ToolOutcome.Result(
            what switch
            {
                "links" => await LinksAsync(extract, element),
                "tables" => extract with
                {
                    Tables = [.. (await element.EvaluateAsync<string[][][]>(ReadTables, new[] { MostTables, MostRows })).Select(t => t.Select(r => (IReadOnlyList<string>)r).ToList())],
                },
                "elements" => Text(extract, await element.AriaSnapshotAsync()),
                _ => Text(extract, await element.InnerTextAsync()),
            },
            BrowserJson.Readable.PageExtract);
    }

    private static PageExtract Text(PageExtract extract, string text) =>
        extract with { Text = BrowserCalls.Cut(text, LongestText), Truncated = text.Length > LongestText };

    private static async Task<PageExtract> LinksAsync(PageExtract extract, ILocator element)
    {
        var links = await element.EvaluateAsync<ReadLink[]>(ReadLinks, MostLinks);
        return extract with { Links = [.. links.Take(MostLinks).Select(l => new PageLink(l.text, l.url))], Truncated = links.Length > MostLinks };
    }

#pragma warning disable IDE1006 // The driver finds the members by the names that they have in the page.
    private sealed class ReadLink
    {
        public string text { get; set; } = "";

        public string url { get; set; } = "";
    }
#pragma warning restore IDE1006
}
