using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Faults;
using Minion.Orchestration.Paging;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.EngineTools;

namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>Lists the keys of the session's workspace.</summary>
internal sealed class WorkspaceListTool(WorkspaceStore values) : WorkspaceTool(
    "Lists the keys of this conversation's workspace: up to 200 in order, from after a key.",
    """
    {"type":"object","properties":{
      "prefix":{"type":"string","description":"Only keys that begin with it."},
      "after":{"type":"string","description":"The last key of the list before."}},
     "additionalProperties":false}
    """,
    ToolEffect.ReadOnly)
{
    public override string Name => "workspace_list";

    protected override async Task<JsonObject> CallAsync(EngineCall call, Guid session, JsonElement arguments, CancellationToken ct)
    {
        var (prefix, after) = (Text(arguments, "prefix"), Text(arguments, "after"));
        var violations = new Violations();
        WorkspaceRules.CheckPrefix(prefix, violations);
        violations.Check(after.Length == 0 || WorkspaceRules.IsKey(after), "after", $"is not a key: {WorkspaceRules.KeyForm}.");
        violations.ThrowIfAny();
        var found = await values.ListAsync(call.Run.Tenant, session, prefix, after, PageSize.Most + 1, ct);
        var keys = found.Take(PageSize.Most).Select(v => new JsonObject { ["key"] = v.Key, ["bytes"] = v.Bytes, ["etag"] = v.Etag.ToString("N") });
        return new JsonObject { ["keys"] = new JsonArray([.. keys]), ["more"] = found.Count > PageSize.Most };
    }
}
