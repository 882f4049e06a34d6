using Minion.Orchestration.Runs.Behaviours.Templates;

namespace Minion.Orchestration.Runs.Behaviours.Planning;

/// <summary>A task of a plan.</summary>
/// <param name="Id">Unique within the plan.</param>
/// <param name="Agent">Who does it.</param>
/// <param name="Input">What is asked; may refer to results: <c>{{tasks.ID.output}}</c>.</param>
/// <param name="After">The tasks whose results it needs: those that the plan names, and those that the input refers to.</param>
internal sealed record PlanTask(string Id, string Agent, TextTemplate Input, IReadOnlyList<string> After);

/// <summary>What a plan may be.</summary>
/// <param name="Members">The agents that there are.</param>
/// <param name="MostTasks">Tasks, at most.</param>
/// <param name="Finished">Tasks of earlier plans that have a result, and may be referred to.</param>
internal sealed record PlanRules(IReadOnlyList<string> Members, int MostTasks, IReadOnlyCollection<string> Finished);

/// <summary>A plan after reading: its tasks in an order in which each comes after those that it needs, or all that is wrong.</summary>
internal sealed record PlanReading(IReadOnlyList<PlanTask> Tasks, IReadOnlyList<string> Errors)
{
    public bool IsValid => Errors.Count == 0;
}
