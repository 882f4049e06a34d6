using System.Text.Json;
using Microsoft.Playwright;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Browser;

/// <summary>Does one thing on the current page, to an element that is named as people know it.</summary>
internal sealed class BrowserActTool(Browsers browsers) : ITool
{
    private const int Looks = 20;
    private const float LookMilliseconds = 1_000;

    private static readonly string[] WithoutElement = ["back", "forward", "reload", "wait_for"];

    public ToolDescription Description { get; } = new()
    {
        Name = "browser_act",
        Version = "1.0",
        Category = "browser",
        Untrusted = true,
        Description =
            "Does one thing on the page that is open in the browser and gives the page as it is then. Elements are meant by role and accessible name, as browser_navigate lists them. 'fill' and 'select' need text; 'press' needs a key such as Enter; 'wait_for' waits until text is there; 'back', 'forward' and 'reload' need no element.",
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": {
                "action": { "enum": ["click", "double_click", "fill", "select", "check", "uncheck", "hover", "press", "scroll_to", "wait_for", "back", "forward", "reload"] },
                {{BrowserSchemas.Target}},
                "text": { "type": "string", "maxLength": 20000 },
                "key": { "type": "string", "pattern": "^((Control|Shift|Alt|Meta)\\+){0,3}([A-Z][A-Za-z0-9]{1,20}|[!-~])$" }
              },
              "required": ["action"],
              "additionalProperties": false
            }
            """,
        OutputSchema = BrowserSchemas.Page,
        Policy = new ToolPolicy(Effect.SideEffect)
        {
            Timeout = TimeSpan.FromSeconds(60),
            Concurrency = 16,
            Permissions = ["tools:browser"],
        },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var action = call.Arguments.GetProperty("action").GetString()!;
        var target = ElementTarget.Read(call.Arguments);
        var text = TextOf(call.Arguments, "text");
        var key = TextOf(call.Arguments, "key");
        return Missing(action, target, text, key) is { } missing
            ? new(missing)
            : browsers.WithPageAsync(call, open: false, (session, page) => ActAsync(session, page, action, target, text ?? key ?? ""), cancellationToken);
    }

    private static ToolFailure? Missing(string action, ElementTarget target, string? text, string? key) => action switch
    {
        "fill" or "select" or "wait_for" when text is null => ToolOutcome.Failed($"'{action}' needs text.", "Give text."),
        "press" when key is null => ToolOutcome.Failed("'press' needs a key.", "Give a key, for example Enter or Control+A."),
        "press" => null,
        _ when WithoutElement.Contains(action) || !target.IsPage => null,
        _ => ToolOutcome.Failed($"'{action}' needs an element.", "Give its role and name, for example role: button and name: Order."),
    };

    private static async Task<ToolOutcome> ActAsync(BrowserSession session, IPage page, string action, ElementTarget target, string text)
    {
        session.TakeNotes();
        var needsElement = !WithoutElement.Contains(action);
        var element = needsElement ? await target.FindAsync(page) : null;
        if (needsElement && element is null)
        {
            return await target.NotFoundAsync(page);
        }

        try
        {
            await (element is null ? OnPageAsync(session, page, action, text) : OnElementAsync(page, element, target, action, text));
        }
        catch (TimeoutException error)
        {
            return ToolOutcome.Failed(
                action == "wait_for" ? $"The text did not appear within 20 s: '{text}'." : $"'{action}' was not possible in time: {Reason(error.Message)}",
                "Look at the page with browser_extract: the element may be hidden, disabled, or covered by another one.");
        }

        return ToolOutcome.Result(await session.ViewAsync(), BrowserJson.Readable.PageView);
    }

    private static Task OnElementAsync(IPage page, ILocator element, ElementTarget target, string action, string text) => action switch
    {
        "click" => element.ClickAsync(),
        "double_click" => element.DblClickAsync(),
        "fill" => element.FillAsync(text),
        "select" => element.SelectOptionAsync(text),
        "check" => element.CheckAsync(),
        "uncheck" => element.UncheckAsync(),
        "hover" => element.HoverAsync(),
        "press" => target.IsPage ? page.Keyboard.PressAsync(text) : element.PressAsync(text),
        _ => element.ScrollIntoViewIfNeededAsync(),
    };

    private static Task OnPageAsync(BrowserSession session, IPage page, string action, string text) => action switch
    {
        "back" => page.GoBackAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded }),
        "forward" => page.GoForwardAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded }),
        "reload" => page.ReloadAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded }),
        _ => UntilThereAsync(session, page, text),
    };

    /// <summary>Looks at the page that is the current one by then: what was done before may only now open another.</summary>
    private static async Task UntilThereAsync(BrowserSession session, IPage page, string text)
    {
        for (var look = 1; ; look++)
        {
            try
            {
                await (session.Page ?? page).GetByText(text).First.WaitForAsync(new() { Timeout = LookMilliseconds });
                return;
            }
            catch (TimeoutException) when (look < Looks)
            {
                // Once more, on the page that is the current one then.
            }
        }
    }

    /// <summary>The last line of the driver's log says what stood in the way.</summary>
    private static string Reason(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith('-')).Select(line => line.TrimStart('-', ' ')).ToList();
        var why = lines.LastOrDefault(line => line.Contains("not ", StringComparison.Ordinal) || line.Contains("intercepts", StringComparison.Ordinal))
            ?? lines.LastOrDefault() ?? "no reason is known";
        return (why.Length <= 300 ? why : why[..300] + "…") + ".";
    }

    private static string? TextOf(JsonElement arguments, string name) => arguments.TryGetProperty(name, out var value) ? value.GetString() : null;
}
