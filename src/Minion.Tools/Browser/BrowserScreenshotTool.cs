using Microsoft.Playwright;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.Browser;

/// <summary>Takes a picture of the current page.</summary>
internal sealed class BrowserScreenshotTool(Browsers browsers, Workspaces workspaces) : ITool
{
    private const int LargestInline = 700 * 1024;
    private const int TallestPage = 10_000;

    public ToolDescription Description { get; } = new()
    {
        Name = "browser_screenshot",
        Version = "1.0",
        Category = "browser",
        Untrusted = true,
        Description =
            "Takes a picture (JPEG) of the page that is open in the browser, or of one element of it, and puts it into the workspace. Set inline to true to be given the picture itself too, as base64.",
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": {
                {{BrowserSchemas.Target}},
                "full_page": { "type": "boolean", "default": false },
                "inline": { "type": "boolean", "default": false }
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
                "path": { "type": "string" },
                "media_type": { "const": "image/jpeg" },
                "bytes": { "type": "integer", "minimum": 1 },
                "data": { "type": "string" }
              },
              "required": ["url", "path", "media_type", "bytes"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.Idempotent)
        {
            Timeout = TimeSpan.FromSeconds(45),
            Concurrency = 16,
            Permissions = ["tools:browser", FileWork.Permission],
            ResultLimit = 1024 * 1024,
        },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) =>
        browsers.WithPageAsync(call, open: false, (_, page) => TakeAsync(call, page, cancellationToken), cancellationToken);

    private async Task<ToolOutcome> TakeAsync(ToolCall call, IPage page, CancellationToken cancellationToken)
    {
        await page.SettleAsync();
        var target = ElementTarget.Read(call.Arguments);
        if (await target.FindAsync(page) is not { } element)
        {
            return await target.NotFoundAsync(page);
        }

        var height = call.Truth("full_page") && target.IsPage ? await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight") : 0;
        var picture = target.IsPage
            ? await page.ScreenshotAsync(new()
            {
                Type = ScreenshotType.Jpeg,
                Quality = 70,
                FullPage = height > 0,
                Clip = height > TallestPage ? new Clip { X = 0, Y = 0, Width = 1280, Height = TallestPage } : null,
            })
            : await element.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg, Quality = 70 });
        if (call.Truth("inline") && picture.Length > LargestInline)
        {
            return ToolOutcome.Failed($"The picture has {picture.Length} bytes; at most {LargestInline} are given inline.", "Leave out full_page, or inline.");
        }

        var path = BrowserFiles.Keep(workspaces, call, "screenshots", "page.jpg", picture, cancellationToken);
        return ToolOutcome.Result(
            new PageScreenshot(page.Url, path, "image/jpeg", picture.Length) { Data = call.Truth("inline") ? Convert.ToBase64String(picture) : null },
            BrowserJson.Readable.PageScreenshot);
    }
}
