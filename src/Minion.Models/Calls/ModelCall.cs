using Minion.Contracts.Callers;

namespace Minion.Models;

/// <summary>Who calls a model, and what for: what budgets, limits and telemetry go by.</summary>
/// <param name="Caller">On whose behalf.</param>
/// <param name="Agent">The agent's name, when an agent calls.</param>
/// <param name="Run">The run, when a run calls.</param>
/// <param name="Step">The run's step.</param>
public sealed record ModelCall(Caller Caller, string? Agent = null, Guid? Run = null, long? Step = null)
{
    /// <summary>The agent's version; null when no agent calls.</summary>
    public int? AgentVersion { get; init; }

    /// <summary>When the answer is of no use any more: no attempt is started or waited for beyond it.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether the request carries what belongs to the principal alone: memories, earlier turns, retrieved data.</summary>
    public bool Personal { get; init; }

    /// <summary>The session of the run; what sticky routers keep to one model.</summary>
    public Guid? Session { get; init; }

    /// <summary>Finds a model that the caller's tenant has declared, by its name, null when there is none; routers ask for their candidates.</summary>
    public Func<string, CancellationToken, Task<ModelDefinition?>>? FindModel { get; init; }
}
