using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Audit;

namespace Minion.Tools.Api;

/// <summary>Reads requests about calls that were made; everything that is wrong with one is said at once.</summary>
internal static class AuditRequests
{
    private const int DefaultSize = 100;
    private const int LargestSize = 500;
    private const int LongestText = 200;
    private static readonly string[] Outcomes = ["", "ok", "cancelled", "input_required", "invalid_arguments", "unknown_tool", "denied", "timed_out", "failed", "invalid_result", "busy"];

    public static int Limit(int limit) => limit == 0 ? DefaultSize : limit;

    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static DateTimeOffset Check(GetUsageRequest request, DateTimeOffset now)
    {
        var violations = new Violations();
        CheckText(violations, "tool", request.Tool);
        CheckText(violations, "agent", request.Agent);
        CheckSize(violations, "limit", request.Limit);
        var since = Time(violations, "since", request.Since) ?? now.AddDays(-7);
        violations.ThrowIfAny();
        return since;
    }

    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static CallFilter Read(ListCallsRequest request)
    {
        var violations = new Violations();
        CheckText(violations, "tool", request.Tool);
        CheckText(violations, "agent", request.Agent);
        CheckText(violations, "principal", request.Principal);
        violations.Check(Outcomes.Contains(request.Outcome), "outcome", $"must be one of {string.Join(", ", Outcomes[1..])}.");
        CheckSize(violations, "page_size", request.PageSize);
        Guid? run = null;
        if (request.RunId.Length > 0)
        {
            violations.Check(Guid.TryParse(request.RunId, out var id), "run_id", "must be the id of a run (a UUID), or empty.");
            run = id;
        }

        var (since, until) = (Time(violations, "since", request.Since), Time(violations, "until", request.Until));
        var before = Before(request.PageToken);
        violations.Check(request.PageToken.Length == 0 || before is not null, "page_token", "must be the next_page_token of an earlier answer.");
        violations.ThrowIfAny();
        return new CallFilter(request.Tool, request.Agent, run, request.Principal, request.Outcome, since, until) { Before = before };
    }

    /// <summary>Where a page ended.</summary>
    public static string Token(AuditedCall last) =>
        PageToken.Of($"{last.StartedAt.ToDateTimeOffset().UtcTicks.ToString(CultureInfo.InvariantCulture)} {last.Id}");

    private static (DateTimeOffset At, Guid Id)? Before(string token) =>
        PageToken.Read(token)?.Split(' ') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParse(id, out var guid)
            ? (new DateTimeOffset(at, TimeSpan.Zero), guid)
            : null;

    private static DateTimeOffset? Time(Violations violations, string field, Timestamp? time)
    {
        try
        {
            return time?.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            violations.Add(field, "must be a time between the years 1 and 9999.");
            return null;
        }
    }

    private static void CheckSize(Violations violations, string field, int size) =>
        violations.Check(size is >= 0 and <= LargestSize, field, $"must be 1 to {LargestSize}, or 0 for {DefaultSize}, but is {size}.");

    private static void CheckText(Violations violations, string field, string text) =>
        violations.Check(text.Length <= LongestText && !text.Any(char.IsControl), field, $"must have at most {LongestText} characters, none of them control characters.");
}
