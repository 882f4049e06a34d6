using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Agents;

/// <summary>The statuses of an agent: how they are stored, and which may follow which.</summary>
internal static class AgentStatuses
{
    private static readonly Dictionary<AgentStatus, string> Texts = new()
    {
        [AgentStatus.Draft] = "draft",
        [AgentStatus.Active] = "active",
        [AgentStatus.Inactive] = "inactive",
        [AgentStatus.Archived] = "archived",
    };

    private static readonly Dictionary<string, AgentStatus> Parsed = Texts.ToDictionary(t => t.Value, t => t.Key);

    public static string ToText(this AgentStatus status) => Texts[status];

    public static AgentStatus Parse(string text) => Parsed[text];

    /// <summary>draft → active ⇄ inactive → archived.</summary>
    public static IReadOnlyList<AgentStatus> After(AgentStatus status) => status switch
    {
        AgentStatus.Draft => [AgentStatus.Active],
        AgentStatus.Active => [AgentStatus.Inactive],
        AgentStatus.Inactive => [AgentStatus.Active, AgentStatus.Archived],
        _ => [],
    };
}
