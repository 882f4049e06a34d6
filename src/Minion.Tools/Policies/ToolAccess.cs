using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;
using Minion.Tools.Registry;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Policies;

/// <summary>Who may call a tool with what, and when a person is asked first: the policies that mean it, put together.</summary>
internal sealed class ToolAccess
{
    public static readonly ToolAccess Open = new([]);

    private readonly List<Rule> _rules = [];
    private readonly List<IReadOnlyList<string>> _allowed = [];
    private readonly List<string> _denied = [];
    private readonly ToolApproval? _approval;
    private readonly Condition? _approvalCondition;

    /// <param name="policies">From the least exact to the most exact; checked already.</param>
    public ToolAccess(IEnumerable<Policy> policies)
    {
        foreach (var policy in policies)
        {
            if (policy.AllowedAgents.Count > 0)
            {
                _allowed.Add(policy.AllowedAgents);
            }

            _denied.AddRange(policy.DeniedAgents);
            _rules.AddRange(policy.Rules.Select(rule => new Rule(rule.Action, Condition.Parse(rule.Condition), rule)));
            _approval = policy.Approval ?? _approval;
        }

        _approvalCondition = _approval?.When == ToolApproval.Types.When.Condition ? Condition.Parse(_approval.Condition) : null;
    }

    /// <summary>Decides about one call.</summary>
    /// <param name="facts">What is known of it.</param>
    /// <param name="agent">Whose call it is; empty for a direct one.</param>
    /// <param name="caller">In whose name.</param>
    public AccessDecision Decide(Facts facts, string agent, Caller caller)
    {
        if (AgentRefusal(agent, caller) is { } refused)
        {
            return refused;
        }

        foreach (var rule in _rules.Where(rule => rule.Means(agent)))
        {
            if (rule.Action == ToolRule.Types.Action.Require && rule.Condition.Judge(facts, forAll: true) != Verdict.Yes)
            {
                return AccessDecision.Deny(rule.Text, rule.Source.Reason.Length > 0 ? rule.Source.Reason : $"it is allowed only when this holds: {rule.Source.Condition}");
            }

            if (rule.Action == ToolRule.Types.Action.Deny && rule.Condition.Judge(facts, forAll: false) != Verdict.No)
            {
                return AccessDecision.Deny(rule.Text, rule.Source.Reason.Length > 0 ? rule.Source.Reason : $"it is not allowed when this holds: {rule.Source.Condition}");
            }
        }

        var asking = _rules.Find(rule => rule.Action == ToolRule.Types.Action.Approve && rule.Means(agent) && rule.Condition.Judge(facts, forAll: false) != Verdict.No);
        return asking is not null
            ? AccessDecision.Ask(asking.Text, asking.Source.Reason.Length > 0 ? asking.Source.Reason : $"A rule asks for it: {asking.Source.Condition}.", _approval)
            : Approval(facts);
    }

    private AccessDecision? AgentRefusal(string agent, Caller caller)
    {
        if (agent.Length == 0)
        {
            return _allowed.Count == 0 || caller.May(AdministratorExtensions.Permission)
                ? null
                : AccessDecision.Deny("allowed_agents", "only certain agents may call it, and of people only administrators");
        }

        return Wildcards.FitAny(_denied, agent) ? AccessDecision.Deny("denied_agents", $"the agent '{agent}' may not call it")
            : _allowed.TrueForAll(patterns => Wildcards.FitAny(patterns, agent)) ? null
            : AccessDecision.Deny("allowed_agents", $"the agent '{agent}' is none of those that may call it");
    }

    private AccessDecision Approval(Facts facts) => _approval?.When switch
    {
        ToolApproval.Types.When.Always => AccessDecision.Ask("approval: always", "It is asked each time before this tool is called.", _approval),
        ToolApproval.Types.When.FirstTime => AccessDecision.Ask("approval: first_time", "It is asked when an agent calls this tool for the first time.", _approval) with { Once = true },
        ToolApproval.Types.When.Condition when _approvalCondition!.Judge(facts, forAll: false) != Verdict.No =>
            AccessDecision.Ask("approval: " + _approval.Condition, $"A rule asks for it: {_approval.Condition}.", _approval),
        _ => AccessDecision.Allowed,
    };

    private sealed record Rule(ToolRule.Types.Action Action, Condition Condition, ToolRule Source)
    {
        public string Text => $"{Action.ToString().ToLowerInvariant()}: {Source.Condition}";

        public bool Means(string agent) => Source.Agents.Count == 0 || Wildcards.FitAny(Source.Agents, agent);
    }
}

/// <summary>What was decided about a call.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Rule">What decided; empty when nothing had to.</param>
/// <param name="Reason">Why.</param>
/// <param name="Approval">Whom to ask; null for anybody.</param>
internal sealed record AccessDecision(AccessKind Kind, string Rule, string Reason, ToolApproval? Approval)
{
    public static readonly AccessDecision Allowed = new(AccessKind.Allowed, "", "", null);

    /// <summary>An approval holds for the agent's further calls too.</summary>
    public bool Once { get; init; }

    public static AccessDecision Deny(string rule, string reason) => new(AccessKind.Denied, rule, reason, null);

    public static AccessDecision Ask(string rule, string reason, ToolApproval? approval) => new(AccessKind.Asked, rule, reason, approval);
}

internal enum AccessKind
{
    Allowed,
    Denied,
    Asked,
}
