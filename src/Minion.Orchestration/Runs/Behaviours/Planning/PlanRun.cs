using System.Text.Json.Nodes;
using Minion.Orchestration.Runs.Behaviours.Templates;

namespace Minion.Orchestration.Runs.Behaviours.Planning;

/// <summary>
/// Walks one plan over a journal: a task is ready when all that it needs has a result. Tasks that need a failed one are
/// left out, and of a plan that another has followed those that never began.
/// </summary>
internal sealed class PlanRun(Progress progress, IReadOnlyDictionary<string, TaskResult> earlier, int revision, MemberPolicy policy, bool settled) : ITemplateValues
{
    private readonly Dictionary<string, TaskResult> _results = new(earlier, StringComparer.Ordinal);

    /// <summary>How far each task is, in the order of the plan. With <paramref name="start"/>, what is ready is noted as wanted.</summary>
    public IReadOnlyList<TaskResult> Evaluate(IReadOnlyList<PlanTask> tasks, bool start)
    {
        var results = new List<TaskResult>();
        foreach (var task in tasks)
        {
            var result = new TaskResult(task, Evaluate(task, start));
            _results[task.Id] = result;
            results.Add(result);
        }

        return results;
    }

    public (string Text, JsonNode? Json)? Find(string root, string? name) => root switch
    {
        "input" => (progress.State.Input, null),
        "tasks" => (_results.GetValueOrDefault(name!)?.Outcome as Done) is { } done ? (done.Text, null) : null,
        _ => ("", null),
    };

    /// <summary>The label of a task's child; a later plan may use the id of a task that failed.</summary>
    public static string Label(PlanTask task, int revision) => revision == 1 ? task.Id : $"{task.Id}@{revision}";

    private Outcome Evaluate(PlanTask task, bool start)
    {
        var needed = task.After.Select(a => _results[a].Outcome).ToList();
        if (needed.Exists(o => o is Failed || o == Outcome.Skipped))
        {
            return Outcome.Skipped;
        }

        if (needed.Contains(Outcome.Pending))
        {
            return Outcome.Pending;
        }

        if (progress.Look(Label(task, revision), policy, settled) is { } known)
        {
            return known;
        }

        if (settled)
        {
            return Outcome.Skipped;
        }

        var input = task.Input.Fill(this, out var missing);
        if (missing is not null)
        {
            return new Failed("value_missing", $"The task '{task.Id}' needs {missing}, which is not in that result.", "");
        }

        return start ? progress.Member(Label(task, revision), task.Agent, input, policy) : Outcome.Pending;
    }
}
