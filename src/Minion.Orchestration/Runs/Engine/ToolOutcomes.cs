using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>What the tool service says beside a result: where it came from, what was put right, and who had not allowed the call. Pure.</summary>
internal static class ToolOutcomes
{
    private const int MostRepairs = 64;

    public static Entry Of(CallState call, Entry outcome, CallToolResponse answer)
    {
        var returned = (CallReturned)outcome.Payload;
        return outcome with
        {
            Payload = returned with
            {
                Untrusted = answer.Untrusted,
                Repairs = answer.Repairs.Count == 0
                    ? null
                    : [.. answer.Repairs.Take(MostRepairs).Select(r => new CallRepair(StoredText.Clean(r.Path), StoredText.Clean(r.What)))],
                DecidedBy = DecidedBy(call, returned),
            },
        };
    }

    private static string DecidedBy(CallState call, CallReturned returned) =>
        call.Input?.Given.FirstOrDefault(g => g.Approved == false) is { } denial && returned.Failure is not null
            ? denial.Lapsed ? CallReturned.ByTimeout : CallReturned.ByPerson
            : returned.DecidedBy;
}
