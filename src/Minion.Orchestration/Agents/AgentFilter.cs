using System.Text.Json;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Agents;

/// <summary>
/// Which agents a list has; empty fields hold for all. <see cref="Words"/> are lower-case and must all occur in the name, description or capabilities.
/// </summary>
internal sealed record AgentFilter(string[] Words, string Behaviour, string Capability, string LabelsJson, string Status)
{
    private const int LongestQuery = 200;

    public static AgentFilter Read(ListAgentsRequest request, Violations violations)
    {
        TextRules.CheckText(request.Query, LongestQuery, "query", violations);
        TextRules.CheckText(request.Behaviour, LongestQuery, "behaviour", violations);
        TextRules.CheckText(request.Capability, LongestQuery, "capability", violations);
        TextRules.CheckPairs(request.Labels, LongestQuery, "labels", violations);
        violations.Check(
            Enum.IsDefined(request.Status), "status", "must be one of AGENT_STATUS_DRAFT, _ACTIVE, _INACTIVE, _ARCHIVED, or unspecified for all.");
        return new AgentFilter(
            request.Query.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            request.Behaviour,
            request.Capability,
            JsonSerializer.Serialize(request.Labels.ToDictionary(l => l.Key, l => l.Value)),
            request.Status == AgentStatus.Unspecified || !Enum.IsDefined(request.Status) ? "" : request.Status.ToText());
    }
}
