using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Paging;

namespace Minion.Orchestration.Runs;

/// <summary>Which runs to list; null, or no element, holds for all.</summary>
internal sealed record RunFilter(string Agent, string[] Statuses, Guid? SessionId)
{
    public Guid? ParentId { get; init; }

    public Guid? RootId { get; init; }

    /// <summary>Runs that others started, too.</summary>
    public bool WithChildren { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedBefore { get; init; }
}

/// <summary>What a client asks of the list of runs.</summary>
internal sealed record RunListing(RunFilter Filter, Guid Before, int Size)
{
    public const string Token = "runs";

    /// <exception cref="Fault">INVALID_ARGUMENT: all that is wrong with the request.</exception>
    public static RunListing Read(ListRunsRequest request)
    {
        var v = new Violations();
        var size = PageSize.Read(request.PageSize, v);
        var key = PageToken.Read(Token, request.PageToken, v);
        v.Check(key.Length == 0 || Guid.TryParse(key, out _), "page_token", "is not the next_page_token of an earlier answer of this list.");
        var session = Id(request.SessionId, "session_id", "a session's", v);
        var parent = Id(request.ParentId, "parent_id", "a run's", v);
        var root = Id(request.RootId, "root_id", "a run's", v);
        var from = Time(request.CreatedFrom, "created_from", v);
        var before = Time(request.CreatedBefore, "created_before", v);
        foreach (var (i, status) in request.Statuses.Index())
        {
            v.Check(RunMapping.Parse(status.ToText()) != RunStatus.Unspecified, $"statuses[{i}]", "is not a status of a run.");
        }

        v.ThrowIfAny();
        var statuses = request.Statuses.Prepend(request.Status).Where(s => s != RunStatus.Unspecified).Select(s => s.ToText()).Distinct(StringComparer.Ordinal);
        var filter = new RunFilter(request.Agent, [.. statuses], session)
        {
            ParentId = parent,
            RootId = root,
            WithChildren = request.WithChildren || parent is not null || root is not null,
            CreatedFrom = from,
            CreatedBefore = before,
        };
        return new RunListing(filter, key.Length == 0 ? Guid.AllBitsSet : Guid.Parse(key), size);
    }

    private static Guid? Id(string text, string field, string whose, Violations v)
    {
        if (text.Length == 0)
        {
            return null;
        }

        v.Check(Guid.TryParse(text, out var id), field, $"is not {whose} id (a UUID).");
        return id;
    }

    private static DateTimeOffset? Time(Google.Protobuf.WellKnownTypes.Timestamp? at, string field, Violations v) =>
        at is not null && v.Check(RunRequests.IsTime(at), field, "is not a time.") ? at.ToDateTimeOffset() : null;
}
