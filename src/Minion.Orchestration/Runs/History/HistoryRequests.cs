using System.Globalization;
using System.Text;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;

namespace Minion.Orchestration.Runs.History;

/// <summary>Checks requests to the history service; all bad fields are named at once.</summary>
internal static class HistoryRequests
{
    private const int LongestModel = 200;

    public static void Check(ForkRunRequest request)
    {
        var v = new Violations();
        v.Check(Guid.TryParse(request.RunId, out _), "run_id", "is not a run's id (a UUID).");
        Check(request.At, v);
        v.Check(request.Model.Length <= LongestModel && !request.Model.Any(char.IsControl), "model", $"is not a model's name (up to {LongestModel} characters).");
        v.Check(
            request.Instructions.Length <= AgentRules.LongestInstructions,
            "instructions",
            $"have {request.Instructions.Length} characters; at most {AgentRules.LongestInstructions} are allowed.");
        v.Check(request.AgentVersion >= 0, "agent_version", "must be 1 or more, or 0 for the run's own.");
        var bytes = Encoding.UTF8.GetByteCount(request.Input);
        v.Check(!request.HasInput || bytes > 0, "input", "is empty: say what to do, or leave it out for the run's own.");
        v.Check(bytes <= RunRequests.MaxInputBytes, "input", $"has {bytes} bytes; at most {RunRequests.MaxInputBytes} (1 MiB) are allowed.");
        v.Check(request.RequestId.Length <= RunRequests.MaxRequestId, "request_id", $"has {request.RequestId.Length} characters; at most {RunRequests.MaxRequestId} are allowed.");
        v.Check(!request.RequestId.Any(char.IsControl), "request_id", "has control characters.");
        v.ThrowIfAny();
    }

    public static Guid Check(GetRunAtRequest request)
    {
        var v = new Violations();
        v.Check(Guid.TryParse(request.RunId, out var run), "run_id", "is not a run's id (a UUID).");
        Check(request.At, v);
        v.ThrowIfAny();
        return run;
    }

    public static (Guid Run, Guid Other) Check(DiffRunsRequest request)
    {
        var v = new Violations();
        v.Check(Guid.TryParse(request.RunId, out var run), "run_id", "is not a run's id (a UUID).");
        v.Check(Guid.TryParse(request.OtherRunId, out var other), "other_run_id", "is not a run's id (a UUID).");
        v.ThrowIfAny();
        return (run, other);
    }

    public static (Guid Run, byte[] Hash) Check(ReadTextRequest request)
    {
        var v = new Violations();
        v.Check(Guid.TryParse(request.RunId, out var run), "run_id", "is not a run's id (a UUID).");
        v.Check(request.Hash.Length == 64 && request.Hash.All(char.IsAsciiHexDigit), "hash", "is not a SHA-256 in hex (64 digits).");
        v.ThrowIfAny();
        return (run, Convert.FromHexString(request.Hash));
    }

    /// <summary>The last entry of the part that is meant.</summary>
    public static long Seq(JournalPoint? at, IReadOnlyList<Journal.Entry> entries)
    {
        var last = entries.Count;
        return at?.AtCase switch
        {
            JournalPoint.AtOneofCase.AfterSeq => at.AfterSeq <= last
                ? at.AfterSeq
                : throw RunRequests.Single("at.after_seq", string.Create(CultureInfo.InvariantCulture, $"must be from 0 to {last}, the run's last entry.")),
            JournalPoint.AtOneofCase.BeforeStep => JournalCut.Before(entries, at.BeforeStep)
                ?? throw RunRequests.Single(
                    "at.before_step",
                    string.Create(CultureInfo.InvariantCulture, $"must be from 1 to {(last == 0 ? 0 : entries.Max(e => e.Step)) + 1}: the run has had no later step.")),
            _ => last,
        };
    }

    /// <summary>What is to be otherwise counts for what is done after the cut; after the end of a run that has completed nothing is.</summary>
    public static void CheckChanges(ForkRunRequest request, IReadOnlyList<Journal.Entry> entries, long afterSeq)
    {
        var changes = request.HasInput || request.HasInstructions || request.Model.Length > 0 || request.AgentVersion != 0;
        if (changes && afterSeq == entries.Count && entries is [.., { Payload: Journal.RunCompleted }])
        {
            throw RunRequests.Single("at", "must be before the end of a run that has completed: from there on nothing would be done otherwise. Say from which step.");
        }
    }

    private static void Check(JournalPoint? at, Violations v)
    {
        v.Check(at is not { AtCase: JournalPoint.AtOneofCase.AfterSeq, AfterSeq: < 0 }, "at.after_seq", "must be 0 or more.");
        v.Check(at is not { AtCase: JournalPoint.AtOneofCase.BeforeStep, BeforeStep: < 1 }, "at.before_step", "must be 1 or more.");
    }
}
