using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Engine;

namespace Minion.Orchestration.Runs;

/// <summary>A run that asks to be accepted, with what its submission takes for true of the agent and must check.</summary>
/// <param name="Run">The run.</param>
/// <param name="RequestId">The client's own id for the request; null when it gave none.</param>
/// <param name="Priority">Higher ones are claimed first.</param>
/// <param name="LimitsJson">The run's limits, as they are stored.</param>
/// <param name="WorkerId">The worker that holds the run from the start; null to queue it.</param>
/// <param name="AgentRevision">The state of the agent's row that the submission takes for the present one.</param>
/// <param name="Model">The model that the agent names.</param>
internal sealed record Submission(
    ClaimedRun Run, string? RequestId, int Priority, string LimitsJson, Guid? WorkerId, int AgentRevision, string Model)
{
    /// <summary>When it begins; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>What becomes of it while another run of its session is under way; empty for what the session says.</summary>
    public string Turns { get; init; } = "";

    /// <summary>Whether a limit bounds the runs of its agent that are executed at once.</summary>
    public bool IsLimited { get; init; }

    /// <summary>The status that it is accepted with.</summary>
    public string Status => StartAt is not null ? "waiting" : WorkerId is null ? "ready" : "running";
}

/// <summary>A run that is durable.</summary>
/// <param name="First">The first message of its session that it looks back at; 0 for none.</param>
/// <param name="Last">The last one; 0 for none.</param>
/// <param name="Model">Which state of its model the submission saw.</param>
internal readonly record struct Acceptance(long First, long Last, ModelStamp Model)
{
    /// <summary>It waits for its turn.</summary>
    public bool IsQueued { get; init; }

    /// <summary>The runs of its session that were asked to stop for it.</summary>
    public IReadOnlyList<Guid>? Interrupted { get; init; }
}
