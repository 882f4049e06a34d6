using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Minion.Tools.Limits;
using Minion.Tools.Registry;

namespace Minion.Tools.Execution;

/// <summary>Holds a result to its tool's output schema and size; one that is too long is kept aside, and cut.</summary>
internal sealed class Results(IKeptResults kept, ILogger<Results> log)
{
    /// <summary>Longer results are not even looked at: 64 MiB.</summary>
    private const long MostBytes = 64 * 1024 * 1024;

    public async ValueTask<ToolReport> CheckAsync(ToolRequest request, ToolResult result, RegisteredTool tool, int attempts, CancellationToken cancellationToken)
    {
        var report = new ToolReport(result, attempts) { Untrusted = result.Untrusted || tool.Description.Untrusted };
        if (result.Value.ValueKind == JsonValueKind.Undefined)
        {
            return report with { Outcome = Failures.NoResult(tool.Description) };
        }

        var bytes = (long)JsonMarshal.GetRawUtf8Value(result.Value).Length;
        if (bytes > MostBytes)
        {
            return report with { Outcome = Failures.TooLarge(tool.Description, kept: null), ResultBytes = bytes };
        }

        var errors = tool.Output.Validate(result.Value);
        if (errors.Count > 0)
        {
            return report with { Outcome = Failures.InvalidResult(tool.Description, errors), ResultBytes = bytes };
        }

        var json = result.Value.GetRawText();
        report = report with { ResultBytes = Encoding.UTF8.GetByteCount(json) };
        if (report.ResultBytes <= tool.Description.Policy.ResultLimit)
        {
            return report with { Json = json };
        }

        var id = await KeepAsync(request, tool, report.Untrusted, json, cancellationToken);
        return ResultTrimmer.Trim(result.Value, tool.Description.Policy.ResultLimit, id) is { } trimmed && tool.Output.IsValid(trimmed)
            ? report with { Outcome = new ToolResult(trimmed), Json = trimmed.GetRawText(), Trimmed = true, Whole = json, KeptId = id }
            : report with { Outcome = Failures.TooLarge(tool.Description, id), KeptId = id };
    }

    private async Task<Guid?> KeepAsync(ToolRequest request, RegisteredTool tool, bool untrusted, string json, CancellationToken cancellationToken)
    {
        try
        {
            return await kept.KeepAsync(request, untrusted, json, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.ResultNotKept(exception, tool.Description.Name);
            return null;
        }
    }
}
