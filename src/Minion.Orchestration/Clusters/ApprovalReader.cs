using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads an agent's <c>approvals</c>: which calls a person is asked about.</summary>
internal static class ApprovalReader
{
    private static readonly Dictionary<string, ApprovalWhen> Whens = new(StringComparer.Ordinal)
    {
        ["always"] = ApprovalWhen.Always,
        ["first_time"] = ApprovalWhen.FirstTime,
        ["never"] = ApprovalWhen.Never,
    };

    private static readonly Dictionary<string, TimeoutAction> Actions = new(StringComparer.Ordinal)
    {
        ["deny"] = TimeoutAction.Deny,
        ["approve"] = TimeoutAction.Approve,
        ["escalate"] = TimeoutAction.Escalate,
    };

    public static IEnumerable<ApprovalRule> Read(MapReader agent, Problems problems)
    {
        var rules = new List<ApprovalRule>();
        foreach (var node in agent.Items("approvals", "a list of rules such as { tool: 'notes_*', timeout: 2d }"))
        {
            if (agent.Within(node) is { } reader)
            {
                rules.Add(ReadRule(reader, problems));
            }
        }

        return rules;
    }

    private static ApprovalRule ReadRule(MapReader reader, Problems problems)
    {
        var rule = new ApprovalRule
        {
            Tool = reader.RequiredText("tool", "the name of a tool; * stands for any characters"),
            When = OneOf(reader, "when", Whens, problems),
            Timeout = reader.Duration("timeout", ApprovalRules.LeastTimeout, ApprovalRules.LongestTimeout) is { } timeout ? Duration.FromTimeSpan(timeout) : null,
            OnTimeout = OneOf(reader, "on_timeout", Actions, problems),
            Assignee = reader.Text("assignee"),
            EscalateTo = reader.Text("escalate_to"),
        };
        reader.Done();
        return rule;
    }

    private static T OneOf<T>(MapReader reader, string key, Dictionary<string, T> known, Problems problems)
        where T : struct
    {
        switch (reader.Take(key))
        {
            case null:
                return default;
            case YamlScalar scalar when known.TryGetValue(reader.Resolve(scalar), out var value):
                return value;
            case var other:
                problems.Add(other, $"must be one of {string.Join(", ", known.Keys)}");
                return default;
        }
    }
}
