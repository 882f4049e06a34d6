using System.Text.Json;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Telemetry;
using Minion.Tools.Audit;
using Minion.Tools.Idempotency;
using Minion.Tools.Limits;
using Minion.Tools.Policies;
using Minion.Tools.Registry;

namespace Minion.Tools.Execution;

/// <summary>
/// What every call goes through, in this order: resolve → validate and mend arguments → authorize → approve → idempotency → cache → rate → bulkhead → retry →
/// timeout →
/// invoke → validate result → trim; around it all the audit and the meter. Every ending is a <see cref="ToolReport"/>, except that the caller went away.
/// </summary>
internal sealed class ToolPipeline(
    TenantRegistry registry, Gatekeeper gatekeeper, ResultCache cache, IRateLimits rates, Results results, CallOnce once, AuditLog audit, MinionTelemetry telemetry, TimeProvider time, ILogger<ToolPipeline> log)
{
    private const string UnknownTool = "unknown";
    private const int LongestState = 64 * 1024;

    /// <exception cref="OperationCanceledException">The caller went away; the audit says so.</exception>
    public async Task<ToolReport> CallAsync(ToolRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var startedAt = time.GetUtcNow();
        var tools = await registry.GetAsync(request.Caller.Tenant, cancellationToken);
        var tool = tools.Find(request.Tool);
        using var span = telemetry.StartTool(
            tool?.Description.Name ?? UnknownTool, request.IdempotencyKey, request.Origin.Proven.Agent, request.Origin.Proven.RunId?.ToString());
        if (!await audit.ReserveAsync(cancellationToken))
        {
            span.Fail("busy");
            return new ToolReport(Failures.AuditIsBehind(), Attempts: 0);
        }

        ToolReport? report = null;
        var progress = new CallProgress();
        try
        {
            report = await RunAsync(request, tools, tool, progress, cancellationToken);
        }
        catch (Exception exception) when (tool is not null && !cancellationToken.IsCancellationRequested)
        {
            log.ToolThrew(exception, tool.Description.Name);
            report = progress.Stamp(NotInvoked(Failures.Threw(tool.Description, transient: false)));
        }
        finally
        {
            var duration = time.GetElapsedTime(started);
            report = report is null ? null : report with { Duration = duration };
            audit.Record(AuditRecord.Of(request, tool, report, progress, startedAt, duration));
            Meter(span, report);
        }

        return report!;
    }

    private async Task<ToolReport> RunAsync(ToolRequest request, TenantTools tools, RegisteredTool? tool, CallProgress progress, CancellationToken cancellationToken)
    {
        if (tool is null)
        {
            return NotInvoked(Failures.UnknownTool(request.Tool, tools.NearestTo(request.Tool, request.Caller)));
        }

        if (Arguments.Check(request.Arguments, tool, progress.Repairs, out var arguments) is { } invalid)
        {
            return progress.Stamp(NotInvoked(invalid));
        }

        progress.Arguments = arguments;
        var passage = await gatekeeper.AdmitAsync(request, tool, arguments, cancellationToken);
        (progress.Decision, progress.Rule) = (passage.Decision, passage.Rule);
        return progress.Stamp(passage.Ending is not null ? new ToolReport(passage.Ending, Attempts: 0)
            : tool.Description.Policy.Effect == Effect.ReadOnly || request.IdempotencyKey.Length == 0
            ? await AdmittedAsync(request, tool, arguments, passage, progress, cancellationToken)
            : await OnceAsync(request, tool, arguments, passage, progress, cancellationToken));
    }

    private async Task<ToolReport> OnceAsync(
        ToolRequest request, RegisteredTool tool, JsonElement arguments, Passage passage, CallProgress progress, CancellationToken cancellationToken)
    {
        var report = await once.RunAsync(
            request, tool, arguments, () => AdmittedAsync(request, tool, arguments, passage, progress, cancellationToken), cancellationToken);
        progress.Decision = report.Repeated ? Decisions.Repeated : progress.Decision;
        return report;
    }

    private async Task<ToolReport> AdmittedAsync(
        ToolRequest request, RegisteredTool tool, JsonElement arguments, Passage passage, CallProgress progress, CancellationToken cancellationToken)
    {
        var policy = tool.Description.Policy;
        var key = policy.CacheFor > TimeSpan.Zero ? ResultCache.Key(tool, request, arguments) : null;
        if (key is not null && cache.Find(key) is { } known)
        {
            progress.Decision = Decisions.Cached;
            return known with { Cached = true, CostUsd = 0, Attempts = 0 };
        }

        if (policy.Rate is { } rate && await rates.TakeAsync(request.Caller.Tenant, tool.Description.Name, rate, cancellationToken) is { } wait)
        {
            return NotInvoked(Failures.TooOften(tool.Description, wait));
        }

        if (!await tool.Bulkhead.EnterAsync(cancellationToken))
        {
            return NotInvoked(Failures.Busy(tool.Description));
        }

        var call = new ToolCall(arguments, request.Caller, request.IdempotencyKey, request.Origin)
        {
            Answers = [.. request.Answers.Where(answer => answer.Id != ApprovalState.Id)],
            InputState = passage.State.Inner,
            Progress = request.Progress,
            Effect = policy.Effect,
        };
        var attempted = await tool.Attempts.RunAsync(call, tool.Bulkhead.Leave, cancellationToken);
        var report = attempted.Outcome switch
        {
            ToolResult result => await results.CheckAsync(request, result, tool, attempted.Count, cancellationToken),
            ToolFailure failure => new ToolReport(tool.Hints.Help(failure), attempted.Count),
            ToolInputRequired input when input.State.Length > LongestState => new ToolReport(Failures.StateTooLarge(tool.Description), attempted.Count),
            ToolInputRequired input => new ToolReport(input with { State = (passage.State with { Inner = input.State }).Write() }, attempted.Count),
            _ => new ToolReport(attempted.Outcome, attempted.Count),
        };
        report = report with
        {
            CostUsd = report.Outcome is ToolInputRequired ? 0 : policy.CostUsd,
            // What a source says of its failures and asks for are words of its own too.
            Untrusted = report.Untrusted || tool.Description.Untrusted,
        };
        if (key is not null && report.Outcome is ToolResult)
        {
            cache.Keep(key, report, policy.CacheFor);
        }

        return report;
    }

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
