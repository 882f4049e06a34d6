using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Minion.Tools.Execution;
using Minion.Tools.Registry;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;

namespace Minion.Tools.Audit;

/// <summary>One row of <c>tools.calls</c>: who called which tool with what, what was decided, and how it ended.</summary>
internal sealed record AuditRecord
{
    /// <summary>The outcome of a call whose caller went away.</summary>
    public const string Cancelled = "cancelled";

    private const string Ok = "ok";
    private const string InputRequired = "input_required";

    public required Guid Id { get; init; }

    public required string Tenant { get; init; }

    public required string Principal { get; init; }

    public required string Tool { get; init; }

    /// <summary>Empty when there is no such tool.</summary>
    public required string Version { get; init; }

    public required ToolCallOrigin Origin { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary><c>ok</c>, <c>cancelled</c>, <c>input_required</c>, or the kind of failure in lower case.</summary>
    public required string Outcome { get; init; }

    public required int Attempts { get; init; }

    /// <summary>SHA-256 of the arguments' text as it was sent.</summary>
    public required byte[] ArgumentsHash { get; init; }

    public string Source { get; init; } = "";

    /// <summary>JSON without secrets; null when they could not be read.</summary>
    public string? Arguments { get; init; }

    /// <summary>What was decided before the tool was called.</summary>
    public string Decision { get; init; } = Decisions.None;

    /// <summary>What decided.</summary>
    public string Rule { get; init; } = "";

    /// <summary>What the caller was told when it failed.</summary>
    public string Message { get; init; } = "";

    /// <summary>US dollars.</summary>
    public double CostUsd { get; init; }

    /// <summary>The run had read what anybody may have written.</summary>
    public bool Tainted { get; init; }

    /// <summary>The result came from where anybody may write.</summary>
    public bool Untrusted { get; init; }

    /// <summary>How much was mended in the arguments.</summary>
    public int Repairs { get; init; }

    public long ResultBytes { get; init; }

    public string IdempotencyKey { get; init; } = "";

    /// <param name="request">The call.</param>
    /// <param name="tool">Null when there is no such tool.</param>
    /// <param name="report">Null when the caller went away.</param>
    /// <param name="progress">How far it came.</param>
    /// <param name="startedAt">When it began; the id is made from it.</param>
    /// <param name="duration">How long it took.</param>
    public static AuditRecord Of(ToolRequest request, RegisteredTool? tool, ToolReport? report, CallProgress progress, DateTimeOffset startedAt, TimeSpan duration) => new()
    {
        Id = Guid.CreateVersion7(startedAt),
        Tenant = request.Caller.Tenant,
        Principal = request.Caller.Principal,
        Tool = tool?.Description.Name ?? request.Tool,
        Version = tool?.Description.Version ?? "",
        Source = tool?.Source ?? "",
        Origin = request.Origin,
        StartedAt = startedAt,
        Duration = duration,
        Outcome = report?.Outcome switch
        {
            null => Cancelled,
            ToolFailure failure => NameOf(failure.Kind),
            ToolInputRequired => InputRequired,
            _ => Ok,
        },
        Attempts = report?.Attempts ?? 0,
        ArgumentsHash = SHA256.HashData(Encoding.UTF8.GetBytes(request.Arguments)),
        Arguments = progress.Arguments.ValueKind == JsonValueKind.Undefined ? null : MaskedArguments.Of(progress.Arguments, tool?.Masked ?? []),
        Decision = progress.Decision,
        Rule = MaskedArguments.Clean(progress.Rule),
        Message = report?.Outcome is ToolFailure told ? MaskedArguments.Clean(told.Message) : "",
        // What a repeated call costs was recorded with the first.
        CostUsd = report is { Repeated: false } ? report.CostUsd : 0,
        Tainted = request.Tainted,
        Untrusted = report?.Untrusted ?? false,
        Repairs = progress.Repairs.Count,
        ResultBytes = report?.ResultBytes ?? 0,
        IdempotencyKey = request.IdempotencyKey,
    };

    /// <summary>The kind in lower case with underscores.</summary>
    public static string NameOf(Kind kind) => kind switch
    {
        Kind.InvalidArguments => "invalid_arguments",
        Kind.UnknownTool => "unknown_tool",
        Kind.Denied => "denied",
        Kind.TimedOut => "timed_out",
        Kind.InvalidResult => "invalid_result",
        Kind.Busy => "busy",
        _ => "failed",
    };
}
