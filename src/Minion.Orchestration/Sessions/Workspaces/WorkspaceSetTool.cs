using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Faults;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.EngineTools;

namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>Writes a value of the session's workspace. Made again, it finds its own etag and changes nothing more.</summary>
internal sealed class WorkspaceSetTool(WorkspaceStore values) : WorkspaceTool(
    "Keeps a JSON value in this conversation's workspace, where later turns and other agents of the conversation find it.",
    """
    {"type":"object","properties":{
      "key":{"type":"string","description":"1 to 200 letters, digits and . _ - / :"},
      "value":{"description":"Any JSON value, at most 1 MiB."},
      "expected_etag":{"type":"string","description":"The etag of the value that is replaced; * when there must be none; leave it out to replace whatever there is."}},
     "required":["key","value"],"additionalProperties":false}
    """,
    ToolEffect.Idempotent)
{
    public override string Name => "workspace_set";

    protected override async Task<JsonObject> CallAsync(EngineCall call, Guid session, JsonElement arguments, CancellationToken ct)
    {
        var key = Text(arguments, "key");
        var value = arguments.TryGetProperty("value", out var given) ? given.GetRawText() : "";
        var violations = new Violations();
        WorkspaceRules.CheckKey(key, violations);
        WorkspaceRules.CheckValue(value, violations);
        var expected = WorkspaceRules.ReadExpected(Text(arguments, "expected_etag"), mayRequireNone: true, violations);
        violations.ThrowIfAny();
        var set = await values.SetAsync(new ValueChange(call.Run.Tenant, session, key, $"run:{call.Run.Id}") { NewEtag = EtagOf(call) }, value, expected, ct);
        return new JsonObject { ["key"] = key, ["etag"] = set.Etag.ToString("N") };
    }
}
