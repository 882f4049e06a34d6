using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Faults;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.EngineTools;

namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>Reads a value of the session's workspace.</summary>
internal sealed class WorkspaceGetTool(WorkspaceStore values) : WorkspaceTool(
    "Reads a value of this conversation's workspace, with its etag.",
    """{"type":"object","properties":{"key":{"type":"string","description":"The key."}},"required":["key"],"additionalProperties":false}""",
    ToolEffect.ReadOnly)
{
    public override string Name => "workspace_get";

    protected override async Task<JsonObject> CallAsync(EngineCall call, Guid session, JsonElement arguments, CancellationToken ct)
    {
        var key = Text(arguments, "key");
        var violations = new Violations();
        WorkspaceRules.CheckKey(key, violations);
        violations.ThrowIfAny();
        var found = await values.FindAsync(call.Run.Tenant, session, key, ct) ?? throw WorkspaceFaults.NotFound(key);
        return new JsonObject { ["key"] = key, ["value"] = JsonNode.Parse(found.Value), ["etag"] = found.Etag.ToString("N") };
    }
}
