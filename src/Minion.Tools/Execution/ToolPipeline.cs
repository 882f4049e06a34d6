using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Telemetry;
using Minion.Tools.Audit;
using Minion.Tools.Registry;

namespace Minion.Tools.Execution;

/// <summary>
/// What every call goes through, in this order: resolve → validate arguments → authorize → bulkhead → retry → timeout → invoke →
/// validate result → trim; around it all the audit and the meter. Every ending is a <see cref="ToolReport"/>, except that the caller went away.
/// </summary>
internal sealed class ToolPipeline(
    TenantRegistry registry, AuditLog audit, MinionTelemetry telemetry, TimeProvider time, ILogger<ToolPipeline> log)
{
    private const string UnknownTool = "unknown";

    /// <exception cref="OperationCanceledException">The caller went away; the audit says so.</exception>
    public async Task<ToolReport> CallAsync(ToolRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var startedAt = time.GetUtcNow();
        var tools = await registry.GetAsync(request.Caller.Tenant, cancellationToken);
        var tool = tools.Find(request.Tool);
        using var span = telemetry.StartTool(
            tool?.Description.Name ?? UnknownTool, request.IdempotencyKey, request.Origin.Agent, request.Origin.RunId?.ToString());
        if (!await audit.ReserveAsync(cancellationToken))
        {
            span.Fail("busy");
            return new ToolReport(Failures.AuditIsBehind(), Attempts: 0);
        }

        ToolReport? report = null;
        try
        {
            report = await RunAsync(request, tools, tool, cancellationToken);
        }
        catch (Exception exception) when (tool is not null && !cancellationToken.IsCancellationRequested)
        {
            log.ToolThrew(exception, tool.Description.Name);
            report = NotInvoked(Failures.Threw(tool.Description, transient: false));
        }
        finally
        {
            var duration = time.GetElapsedTime(started);
            report = report is null ? null : report with { Duration = duration };
            audit.Record(AuditRecord.Of(request, tool?.Description, report, startedAt, duration));
            Meter(span, report);
        }

        return report!;
    }

    private async Task<ToolReport> RunAsync(ToolRequest request, TenantTools tools, RegisteredTool? tool, CancellationToken cancellationToken)
    {
        if (tool is null)
        {
            return NotInvoked(Failures.UnknownTool(request.Tool, tools.NearestTo(request.Tool, request.Caller)));
        }

        if (Arguments.Check(request.Arguments, tool, out var arguments) is { } invalid)
        {
            return NotInvoked(invalid);
        }

        if (Refusal(tool, request.Caller) is { } refusal)
        {
            return NotInvoked(refusal);
        }

        if (!await tool.Bulkhead.EnterAsync(cancellationToken))
        {
            return NotInvoked(Failures.Busy(tool.Description));
        }

        var call = new ToolCall(arguments, request.Caller, request.IdempotencyKey, request.Origin) { Answers = request.Answers, InputState = request.InputState };
        var attempted = await tool.Attempts.RunAsync(call, tool.Bulkhead.Leave, cancellationToken);
        return attempted.Outcome is ToolResult result
            ? Results.Check(result, tool, attempted.Count)
            : new ToolReport(attempted.Outcome, attempted.Count);
    }

    private static ToolFailure? Refusal(RegisteredTool tool, Caller caller) => tool.Description.Status switch
    {
        ToolStatus.Approved or ToolStatus.Deprecated => tool.IsAllowedFor(caller) ? null : Failures.Denied(tool.Description, caller),
        _ => Failures.NotApproved(tool.Description),
    };

    private static ToolReport NotInvoked(ToolFailure failure) => new(failure, Attempts: 0);

    private static void Meter(ToolSpan span, ToolReport? report)
    {
        if (report is null)
        {
            span.Fail(AuditRecord.Cancelled);
        }
        else if (report.Outcome is ToolFailure failure)
        {
            span.Fail(AuditRecord.NameOf(failure.Kind));
        }
        else
        {
            span.Succeed();
        }
    }
}
