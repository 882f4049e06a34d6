using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Inbox;

namespace Minion.Orchestration.Runs;

/// <summary>Which of a run's items an answer is for that names a question of the run, or none.</summary>
internal static class RunAnswers
{
    /// <exception cref="Contracts.Faults.Fault">The run asks nothing, not this, or several things.</exception>
    public static Inbox.InboxItem ItemOf(RunRecord run, IReadOnlyList<Inbox.InboxItem> asked, AnswerRequest request)
    {
        var open = asked.Where(i => i.Status == Inbox.InboxItem.Open).ToList();
        if (request.QuestionId.Length > 0)
        {
            return asked.LastOrDefault(i => i.Question == request.QuestionId)
                ?? throw (open.Count == 0 ? RunFaults.NoQuestion(run.Id, run.Status) : RunFaults.UnknownQuestion(run.Id, request.QuestionId, open.Select(i => i.Question)));
        }

        return open.Count switch
        {
            0 => throw RunFaults.NoQuestion(run.Id, run.Status),
            1 => open[0],
            _ => throw RunRequests.Single("question_id", $"is missing, and the run waits for several: {string.Join(", ", open.Select(i => i.Question))}."),
        };
    }
}
