using System.Text.Json;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;
using Minion.Tools.Policies;
using Minion.Tools.Registry;

namespace Minion.Tools.Execution;

/// <summary>Decides whether a call is made: by the tool's status, permissions, agents and rules, and by a person where one is to be asked.</summary>
internal sealed class Gatekeeper(IGivenApprovals approvals)
{
    public async ValueTask<Passage> AdmitAsync(ToolRequest request, RegisteredTool tool, JsonElement arguments, CancellationToken cancellationToken)
    {
        if (Refusal(tool, request.Caller) is { } refusal)
        {
            return Passage.Refused(refusal, tool.IsAllowedFor(request.Caller) ? "status" : "permissions");
        }

        if (Lacking(tool, request) is { Count: > 0 } lacking)
        {
            return Passage.Refused(Failures.Incapable(tool.Description, request.Origin.Proven.Agent, lacking), $"capabilities: {string.Join(", ", lacking)}");
        }

        var state = ApprovalState.Read(request.InputState);
        var policy = tool.Description.Policy;
        var facts = new Facts(arguments, request.Tainted, policy.Effect != Effect.ReadOnly && !policy.Reversible, policy.Effect == Effect.ReadOnly) { KnowsHost = tool.KnowsHost };
        var decision = tool.Access.Decide(facts, request.Origin.Proven.Agent, request.Caller);
        if (decision.Kind == AccessKind.Denied)
        {
            return Passage.Refused(Failures.Forbidden(tool.Description, decision.Reason), decision.Rule);
        }

        if (decision.Kind == AccessKind.Allowed || (decision.Once && await approvals.HasAsync(request, tool, cancellationToken)))
        {
            return new Passage(null, new ApprovalState(ApprovalStage.None, "", state.Inner), Decisions.Allowed, decision.Rule);
        }

        var subject = ApprovalState.SubjectOf(tool, arguments);
        if (state.Stage == ApprovalStage.Approved && state.Subject == subject)
        {
            return new Passage(null, state, Decisions.Approved, decision.Rule);
        }

        if (state.Stage != ApprovalStage.Asked || state.Subject != subject || Answer(request) is not { } answer)
        {
            return new Passage(ApprovalState.Ask(tool, decision, subject), state, Decisions.Asked, decision.Rule);
        }

        if (!answer.Approved)
        {
            return Passage.Refused(Failures.NotAllowedByPerson(tool.Description, answer.Text), decision.Rule);
        }

        if (decision.Once)
        {
            await approvals.AddAsync(request, tool, cancellationToken);
        }

        return new Passage(null, new ApprovalState(ApprovalStage.Approved, subject, ""), Decisions.Approved, decision.Rule);
    }

    /// <summary>The capabilities that the agent is not declared to have. People have none; administrators need none.</summary>
    private static List<string> Lacking(RegisteredTool tool, ToolRequest request)
    {
        var origin = request.Origin.Proven;
        return origin.Agent.Length == 0 && request.Caller.May(AdministratorExtensions.Permission)
            ? []
            : [.. tool.Description.Policy.Capabilities.Except(origin.Capabilities, StringComparer.Ordinal)];
    }

    private static ApprovalAnswer? Answer(ToolRequest request) => request.Answers.FirstOrDefault(answer => answer.Id == ApprovalState.Id)?.Approval;

    private static ToolFailure? Refusal(RegisteredTool tool, Caller caller) => tool.Description.Status switch
    {
        ToolStatus.Approved or ToolStatus.Deprecated => tool.IsAllowedFor(caller) ? null : Failures.Denied(tool.Description, caller),
        _ => Failures.NotApproved(tool.Description),
    };
}

/// <summary>What was decided about a call.</summary>
/// <param name="Ending">How it ends at once; null when it is made.</param>
/// <param name="State">What goes along with the call.</param>
/// <param name="Decision">For the audit.</param>
/// <param name="Rule">What decided.</param>
internal sealed record Passage(ToolOutcome? Ending, ApprovalState State, string Decision, string Rule)
{
    public static Passage Refused(ToolFailure failure, string rule) => new(failure, default, Decisions.Denied, rule);
}

/// <summary>The words of the audit for what was decided before a tool was called.</summary>
internal static class Decisions
{
    public const string None = "none";
    public const string Allowed = "allowed";
    public const string Denied = "denied";
    public const string Asked = "asked";
    public const string Approved = "approved";
    public const string Cached = "cached";
    public const string Repeated = "repeated";
}
