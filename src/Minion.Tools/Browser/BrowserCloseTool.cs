using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Browser;

/// <summary>Closes the run's pages.</summary>
internal sealed class BrowserCloseTool(Browsers browsers) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "browser_close",
        Version = "1.0",
        Category = "browser",
        Description = "Closes the browser's pages and forgets its cookies. Not needed at the end: what is not used is closed by itself.",
        InputSchema = """{ "type": "object", "properties": {}, "additionalProperties": false }""",
        OutputSchema = """{ "type": "object", "properties": { "closed": { "type": "boolean" } }, "required": ["closed"], "additionalProperties": false }""",
        Policy = new ToolPolicy(Effect.Idempotent) { Timeout = TimeSpan.FromSeconds(30), Permissions = ["tools:browser"] },
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) =>
        ToolOutcome.Result(new PagesClosed(await browsers.CloseAsync(BrowserKey.Of(call))), BrowserJson.Readable.PagesClosed);
}
