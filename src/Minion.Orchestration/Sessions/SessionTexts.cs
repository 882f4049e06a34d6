using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Sessions;

/// <summary>How statuses and roles are stored.</summary>
internal static class SessionTexts
{
    private static readonly Dictionary<SessionStatus, string> Statuses = new()
    {
        [SessionStatus.Active] = "active",
        [SessionStatus.Closed] = "closed",
        [SessionStatus.Expired] = "expired",
        [SessionStatus.Archived] = "archived",
    };

    private static readonly Dictionary<Role, string> Roles = new()
    {
        [Role.User] = "user",
        [Role.Assistant] = "assistant",
        [Role.System] = "system",
        [Role.Tool] = "tool",
    };

    private static readonly Dictionary<TurnPolicy, string> Policies = new()
    {
        [TurnPolicy.Queue] = "queue",
        [TurnPolicy.Reject] = "reject",
        [TurnPolicy.Interrupt] = "interrupt",
    };

    private static readonly Dictionary<string, TurnPolicy> ParsedPolicies = Policies.ToDictionary(p => p.Value, p => p.Key);
    private static readonly Dictionary<string, SessionStatus> ParsedStatuses = Statuses.ToDictionary(s => s.Value, s => s.Key);
    private static readonly Dictionary<string, Role> ParsedRoles = Roles.ToDictionary(r => r.Value, r => r.Key);

    public static string ToText(this SessionStatus status) => Statuses[status];

    public static string ToText(this Role role) => Roles[role];

    public static string ToText(this TurnPolicy policy) => Policies[policy];

    public static TurnPolicy ParsePolicy(string text) => ParsedPolicies[text];

    public static SessionStatus ParseStatus(string text) => ParsedStatuses[text];

    public static Role ParseRole(string text) => ParsedRoles[text];
}
