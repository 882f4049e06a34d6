using System.Text.Json;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Tests;

/// <summary>A tool whose description and behaviour each test chooses.</summary>
internal sealed class FakeTool(ToolDescription description, Func<ToolCall, CancellationToken, ValueTask<ToolOutcome>> invoke) : ITool
{
    public ToolDescription Description => description;

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => invoke(call, cancellationToken);

    public static ToolDescription Describe(string name = "fake", ToolPolicy? policy = null) => new()
    {
        Name = name,
        Version = "1.0",
        Description = $"The tool {name} of the tests.",
        InputSchema = """{"type":"object","properties":{"n":{"type":"integer","minimum":0},"s":{"type":"string"}},"additionalProperties":false}""",
        OutputSchema = """{"type":"object","required":["ok"]}""",
        Policy = policy ?? new ToolPolicy(Effect.ReadOnly),
    };

    public static FakeTool Ok(ToolDescription? description = null) => new(description ?? Describe(), (_, _) => new(OkResult()));

    public static ToolOutcome OkResult() => Result("""{"ok":true}""");

    public static ToolOutcome Result(string json) => new ToolResult(JsonElement.Parse(json));
}
