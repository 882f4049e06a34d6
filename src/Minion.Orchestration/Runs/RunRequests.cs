using System.Text;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;

namespace Minion.Orchestration.Runs;

/// <summary>Checks requests to the run service; all bad fields are named at once.</summary>
internal static class RunRequests
{
    /// <summary>The longest input of a run, in bytes of UTF-8.</summary>
    public const int MaxInputBytes = 1 << 20;

    public const int MaxRequestId = 200;
    public const int MaxAnswerText = 10_000;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(366);

    private const long LastSecond = 253_402_300_799;

    public static void Check(StartRunRequest request, DateTimeOffset now)
    {
        var v = new Violations();
        v.Check(request.Agent.Length > 0, "agent", "is missing: name the agent that runs.");
        v.Check(!request.Agent.Any(c => char.IsControl(c) || char.IsSurrogate(c)), "agent", "is not an agent's name: it has control characters.");
        v.Check(request.Input.Length > 0, "input", "is empty: say what to do.");
        var bytes = Encoding.UTF8.GetByteCount(request.Input);
        v.Check(bytes <= MaxInputBytes, "input", $"has {bytes} bytes; at most {MaxInputBytes} (1 MiB) are allowed.");
        v.Check(request.SessionId.Length == 0 || Guid.TryParse(request.SessionId, out _), "session_id", "is not a session's id (a UUID).");
        v.Check(request.RequestId.Length <= MaxRequestId, "request_id", $"has {request.RequestId.Length} characters; at most {MaxRequestId} are allowed.");
        v.Check(!request.RequestId.Any(char.IsControl), "request_id", "has control characters.");
        v.Check(System.Enum.IsDefined(request.Turns), "turns", "must be one of TURN_POLICY_QUEUE, _REJECT, _INTERRUPT, or unspecified for what the session says.");
        v.Check(request.AgentVersion >= 0, "agent_version", "must be 1 or more, or 0 for the current one.");
        v.Check(request.Priority is >= -100 and <= 100, "priority", $"must be from -100 to 100, not {request.Priority}.");
        v.Check(
            request.StartAt is null || IsSoon(request.StartAt, now), "start_at", "must be a time, at most a year ahead.");
        if (request.Limits is { } limits)
        {
            v.Check(limits.MaxSteps is >= 0 and <= RunLimits.HighestMaxSteps, "limits.max_steps", $"must be from 1 to {RunLimits.HighestMaxSteps}, or 0 for the agent's own.");
            v.Check(limits.MaxTokens >= 0, "limits.max_tokens", "must be 1 or more, or 0 for the agent's own.");
            v.Check(limits.MaxDepth is >= 0 and <= RunLimits.HighestMaxDepth, "limits.max_depth", $"must be from 1 to {RunLimits.HighestMaxDepth}, or 0 for the agent's own.");
            v.Check(limits.MaxChildren is >= 0 and <= RunLimits.HighestMaxChildren, "limits.max_children", $"must be from 1 to {RunLimits.HighestMaxChildren}, or 0 for the agent's own.");
            v.Check(
                limits.IdleTimeout is not { } idle || AgentRules.IsTimeout(idle), "limits.idle_timeout", "must be from 1 second to 30 days, or absent for the agent's own.");
            v.Check(AgentRules.IsCost(limits.MaxCostUsd), "limits.max_cost_usd", AgentRules.CostForm);
            v.Check(
                limits.Timeout is not { } t || (t.Seconds is >= 0 and <= 2_592_000 && t.Nanos is >= 0 and < 1_000_000_000 && (t.Seconds > 0 || t.Nanos > 0)),
                "limits.timeout",
                "must be longer than nothing and at most 30 days.");
        }

        v.ThrowIfAny();
    }

    private static bool IsSoon(Timestamp at, DateTimeOffset now) =>
        IsTime(at) && at.ToDateTimeOffset() <= now + LongestDelay;

    /// <summary>Whether it is a time between the years 1 and 9999.</summary>
    public static bool IsTime(Timestamp at) => at.Seconds is >= -62_135_596_800 and <= LastSecond && at.Nanos is >= 0 and < 1_000_000_000;

    public static Guid RunId(string id, string field = "id") => Guid.TryParse(id, out var run)
        ? run
        : throw Single(field, id.Length == 0 ? "is missing: give the run's id." : "is not a run's id (a UUID).");

    public static (Guid Run, int Limit) Check(ListEntriesRequest request)
    {
        var v = new Violations();
        v.Check(Guid.TryParse(request.RunId, out var run), "run_id", "is not a run's id (a UUID).");
        v.Check(request.AfterSeq >= 0, "after_seq", "must be 0 or more.");
        v.Check(request.Limit is >= 0 and <= 1_000, "limit", "must be from 1 to 1,000, or 0 for 100.");
        v.ThrowIfAny();
        return (run, request.Limit == 0 ? 100 : request.Limit);
    }

    public static Guid Check(WatchRunRequest request)
    {
        var v = new Violations();
        v.Check(Guid.TryParse(request.RunId, out var run), "run_id", "is not a run's id (a UUID).");
        v.Check(request.AfterSeq >= 0, "after_seq", "must be 0 or more.");
        v.ThrowIfAny();
        return run;
    }

    public static Guid Check(AnswerRequest request)
    {
        var v = new Violations();
        v.Check(Guid.TryParse(request.RunId, out var run), "run_id", "is not a run's id (a UUID).");
        v.Check(request.Text.Length <= MaxAnswerText, "text", $"has {request.Text.Length} characters; at most {MaxAnswerText} are allowed.");
        v.ThrowIfAny();
        return run;
    }

    public static Fault Single(string field, string message)
    {
        var v = new Violations();
        v.Add(field, message);
        return v.ToFault();
    }
}
