using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;

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
    public Agent ToAgent() => new()
    {
        Id = AgentId.ToString(),
        Definition = Definition,
        Version = Version,
        Status = Status,
        Cluster = Cluster ?? "",
        CreatedAt = Timestamp.FromDateTimeOffset(CreatedAt),
        UpdatedAt = Timestamp.FromDateTimeOffset(UpdatedAt),
    };
}
