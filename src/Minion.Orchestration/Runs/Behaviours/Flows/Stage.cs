using System.Text.RegularExpressions;
using Minion.Orchestration.Runs.Behaviours.Templates;

namespace Minion.Orchestration.Runs.Behaviours.Flows;

/// <summary>What a failed stage means for those after it.</summary>
internal enum OnFailure
{
    /// <summary>All of it fails.</summary>
    Fail,

    /// <summary>It goes on; the stage's output says that it failed, and why.</summary>
    Continue,

    /// <summary>It goes on as though the stage were not there.</summary>
    Skip,
}

/// <summary>A stage of a flow. Its name is unique within the flow.</summary>
internal abstract record Stage(string Name)
{
    /// <summary>Null when it always runs.</summary>
    public Condition? When { get; init; }

    public OnFailure OnFailure { get; init; }
}

/// <summary>Another agent, as a child run.</summary>
internal sealed record AgentStage(string Name, string Agent, TextTemplate Input, MemberPolicy Policy) : Stage(Name);

/// <summary>The agent's own model.</summary>
internal sealed record PromptStage(string Name, TextTemplate Prompt, bool WithTools) : Stage(Name);

/// <summary>One after the other; each begins with what the one before gave.</summary>
internal sealed record SequenceStage(string Name, IReadOnlyList<Stage> Stages) : Stage(Name);

/// <summary>All at the same time.</summary>
internal sealed record ParallelStage(string Name, IReadOnlyList<Stage> Stages, bool AsJson) : Stage(Name);

/// <summary>The same for each item of a list.</summary>
internal sealed record MapStage(string Name, TextTemplate Over, int MostItems, Stage Body, bool AsJson) : Stage(Name);

/// <summary>The first whose condition holds.</summary>
internal sealed record ChooseStage(string Name, IReadOnlyList<Stage> Cases) : Stage(Name);

/// <summary>Draft, review, revise, until it is accepted or was reviewed <paramref name="Rounds"/> times.</summary>
internal sealed record ReviewStage(string Name, Stage Writer, Stage Reviewer, TextTemplate Revise, int Rounds, Regex? Accept, bool DeliverUnaccepted) : Stage(Name);

/// <summary>A flow as an agent's options declare it.</summary>
internal sealed record Flow(SequenceStage Stages, TextTemplate? Output, int MostParallel);
