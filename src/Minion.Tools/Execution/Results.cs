using System.Text;
using Minion.Tools.Registry;

namespace Minion.Tools.Execution;

/// <summary>Holds a result to its tool's output schema and size.</summary>
internal static class Results
{
    public static ToolReport Check(ToolResult result, RegisteredTool tool, int attempts)
    {
        var errors = tool.Output.Validate(result.Value);
        if (errors.Count > 0)
        {
            return new ToolReport(Failures.InvalidResult(tool.Description, errors), attempts);
        }

        var json = result.Value.GetRawText();
        if (Encoding.UTF8.GetByteCount(json) <= tool.Description.Policy.ResultLimit)
        {
            return new ToolReport(result, attempts) { Json = json };
        }

        return ResultTrimmer.Trim(result.Value, tool.Description.Policy.ResultLimit) is { } trimmed && tool.Output.IsValid(trimmed)
            ? new ToolReport(new ToolResult(trimmed), attempts) { Json = trimmed.GetRawText(), Trimmed = true, Whole = json }
            : new ToolReport(Failures.TooLarge(tool.Description), attempts);
    }
}
