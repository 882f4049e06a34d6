using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Registry;

namespace Minion.Tools.Policies;

/// <summary>
/// What goes along between a call that needed something and the call that brings it: what exactly was asked or approved, so that another tool or other
/// arguments are not taken for it, and the tool's own state.
/// </summary>
/// <param name="Stage">What has happened.</param>
/// <param name="Subject">The hash of what was asked about; empty when nothing was.</param>
/// <param name="Inner">The tool's own state.</param>
internal readonly record struct ApprovalState(ApprovalStage Stage, string Subject, string Inner)
{
    /// <summary>The id of the request and of its answer.</summary>
    public const string Id = "minion.approval";

    private const string Prefix = "minion:";

    public static ApprovalState Read(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.Split(':', 4) is not [_, var stage, var subject, var inner])
        {
            return new(ApprovalStage.None, "", text);
        }

        return new(stage switch { "asked" => ApprovalStage.Asked, "approved" => ApprovalStage.Approved, _ => ApprovalStage.None }, subject, inner);
    }

    public string Write() => $"{Prefix}{Stage.ToString().ToLowerInvariant()}:{Subject}:{Inner}";

    /// <summary>The hash of a call: this tool as it is now, with these arguments.</summary>
    public static string SubjectOf(RegisteredTool tool, JsonElement arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(tool.Hash);
        hash.AppendData(Encoding.UTF8.GetBytes($"{tool.Description.Name}@{tool.Description.Version}\n{tool.Source}\n"));
        hash.AppendData(Encoding.UTF8.GetBytes(arguments.GetRawText()));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The question to a person.</summary>
    public static ToolInputRequired Ask(RegisteredTool tool, AccessDecision decision, string subject)
    {
        var approval = new ApprovalRequest { Reason = decision.Reason, Rule = $"{tool.Description.Name}: {decision.Rule}" };
        if (decision.Approval is { } whom)
        {
            approval.Assignee = whom.Assignee;
            approval.TimeoutSeconds = whom.TimeoutSeconds;
            approval.OnTimeout = whom.OnTimeout;
            approval.EscalateTo = whom.EscalateTo;
        }

        return new ToolInputRequired([new InputRequest { Id = Id, Approval = approval }], new ApprovalState(ApprovalStage.Asked, subject, "").Write());
    }
}

internal enum ApprovalStage
{
    None,
    Asked,
    Approved,
}
