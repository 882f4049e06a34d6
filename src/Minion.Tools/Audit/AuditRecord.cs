using System.Security.Cryptography;
using System.Text;
using Minion.Tools.Execution;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;

namespace Minion.Tools.Audit;

/// <summary>One row of <c>tools.calls</c>: who called which tool when, and how it ended; of the arguments only a hash.</summary>
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

    /// <param name="request">The call.</param>
    /// <param name="tool">Null when there is no such tool.</param>
    /// <param name="report">Null when the caller went away.</param>
    /// <param name="startedAt">When it began; the id is made from it.</param>
    /// <param name="duration">How long it took.</param>
    public static AuditRecord Of(ToolRequest request, ToolDescription? tool, ToolReport? report, DateTimeOffset startedAt, TimeSpan duration) => new()
    {
        Id = Guid.CreateVersion7(startedAt),
        Tenant = request.Caller.Tenant,
        Principal = request.Caller.Principal,
        Tool = request.Tool,
        Version = tool?.Version ?? "",
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
