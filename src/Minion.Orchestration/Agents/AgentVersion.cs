using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents.Versions;

namespace Minion.Orchestration.Agents;

/// <summary>One version of an agent. The definition is shared and never changed.</summary>
/// <param name="AgentId">The agent, whatever its name becomes; a name that is used again after a deletion is another agent.</param>
/// <param name="Name">The agent's name.</param>
/// <param name="Version">Which version this is; counts from 1.</param>
/// <param name="Status">The agent's status when this was read.</param>
/// <param name="Definition">What the version froze.</param>
/// <param name="Cluster">The cluster file that declares the agent; null when it was made through the API.</param>
/// <param name="CreatedAt">When the agent was created.</param>
/// <param name="UpdatedAt">When the agent was last changed; for an earlier version, when that was made.</param>
internal sealed record AgentVersion(
    Guid AgentId,
    string Name,
    int Version,
    AgentStatus Status,
    AgentDefinition Definition,
    string? Cluster,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Which state of the agent's row this was read from: every change raises it.</summary>
    public int Revision { get; init; }

    /// <summary>The version that is current.</summary>
    public int CurrentVersion { get; init; } = Version;

    /// <summary>How new runs are divided among versions; null when the current one has all.</summary>
    public TrafficSplit? Traffic { get; init; }

    /// <summary>Who made the version; null when nobody knows.</summary>
    public string? Principal { get; init; }

    /// <summary>Runs at once as an operator has set it: 0 for no limit, null for what the definition says.</summary>
    public int? MaxRuns { get; init; }

    /// <summary>Whether a limit bounds the runs at once, its own or its cluster's: such a run is never begun by who accepts it.</summary>
    public bool IsLimited { get; init; }

    public Agent ToAgent()
    {
        var agent = new Agent
        {
            Id = AgentId.ToString(),
            Definition = Definition,
            Version = Version,
            Status = Status,
            Cluster = Cluster ?? "",
            CreatedAt = Timestamp.FromDateTimeOffset(CreatedAt),
            UpdatedAt = Timestamp.FromDateTimeOffset(UpdatedAt),
            ChangedBy = Principal ?? "",
            Traffic = { Traffic?.ToProto() ?? [] },
        };
        if (MaxRuns is { } most)
        {
            agent.MaxRuns = most;
        }

        return agent;
    }
}
