using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Calculator;

namespace Minion.Tools.BuiltIn;

/// <summary>Arithmetic, exact where decimals allow it.</summary>
internal sealed class CalculatorTool : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "calculator",
        Version = "1.0",
        Category = "numbers",
        Description =
            """
            Evaluates an arithmetic expression: + - * / % ^ and parentheses, percent (17.5% of 2340), the functions sqrt, abs, round(x, digits),
            floor, ceil, min, max, ln, log(x, base), exp, sin, cos, tan (radians), and the constants pi and e. Write numbers without thousands
            separators. Example: 17.5 / 100 * 2340
            """,
        InputSchema =
            """
            {
              "type": "object",
              "properties": { "expression": { "type": "string", "minLength": 1, "maxLength": 1000 } },
              "required": ["expression"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": { "value": { "type": "number" }, "text": { "type": "string" } },
              "required": ["value", "text"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly) { Timeout = TimeSpan.FromSeconds(2), Concurrency = 256 },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var expression = call.Arguments.GetProperty("expression").GetString()!;
        try
        {
            var value = Expression.Evaluate(expression).ToString();
            return new(new ToolResult(JsonElement.Parse($$"""{"value":{{value}},"text":"{{value}}"}""")));
        }
        catch (ExpressionError error)
        {
            return new(ToolOutcome.Failed(
                $"The expression cannot be evaluated: at position {error.Position}, {error.Message}.",
                "Correct the expression and call again, for example: 17.5 / 100 * 2340"));
        }
    }
}
