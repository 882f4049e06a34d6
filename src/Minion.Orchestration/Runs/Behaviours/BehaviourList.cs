namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>The behaviours that Minion brings, each version of each. A new one is a class in this folder and a line here.</summary>
internal static class BehaviourList
{
    /// <summary>The behaviour of an agent that names none.</summary>
    public const string Default = "react";

    public static IReadOnlyList<IBehaviour> All { get; } =
    [
        new Direct(),
        new React(),
        new PlanExecute(),
        new Director(),
        new Pipeline(),
        new FlowBehaviour(),
        new Reviewer(),
        new Router(),
        new Debate(),
    ];
}
