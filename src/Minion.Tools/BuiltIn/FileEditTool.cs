using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.BuiltIn;

/// <summary>Changes parts of a text file of the workspace: all that is asked, or nothing.</summary>
internal sealed class FileEditTool(Workspaces workspaces) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "file_edit",
        Version = "1.0",
        Category = "files",
        Description =
            """
            Changes a text file of the workspace, by edits or by a patch. Each edit replaces old, which must occur exactly once (or all: true),
            by new. A patch is a unified diff of this one file: hunks that start with @@, their lines with a space, - or +. Either
            everything is changed or nothing.
            """,
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": {
                "path": {{FileWork.PathSchema}},
                "edits": {
                  "type": "array",
                  "minItems": 1,
                  "maxItems": 100,
                  "items": {
                    "type": "object",
                    "properties": {
                      "old": { "type": "string", "minLength": 1 },
                      "new": { "type": "string" },
                      "all": { "type": "boolean", "default": false }
                    },
                    "required": ["old", "new"],
                    "additionalProperties": false
                  }
                },
                "patch": { "type": "string", "minLength": 1 }
              },
              "required": ["path"],
              "oneOf": [{ "required": ["edits"] }, { "required": ["patch"] }],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "path": { "type": "string" },
                "changes": { "type": "integer", "minimum": 0 },
                "total_lines": { "type": "integer", "minimum": 0 }
              },
              "required": ["path", "changes", "total_lines"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.SideEffect) { Permissions = [FileWork.Permission] },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => FileWork.Alone(workspaces, call, workspace =>
    {
        var path = FilePath.Parse(call.Text("path"));
        var before = TextFile.Read(workspace, path);
        var (after, changes) = call.Arguments.TryGetProperty("patch", out var patch)
            ? UnifiedPatch.Apply(before, patch.GetString()!)
            : TextEdits.Apply(before, [.. call.Arguments.GetProperty("edits").EnumerateArray().Select(ReadEdit)]);
        var content = TextFile.Encode(after);
        WorkspaceUsage.MustFit(workspace, workspaces.Options, content.Length - before.Length, 0, cancellationToken);
        workspace.Write(path, content, mustBeNew: false);
        return ToolOutcome.Result(new FileEdited(path.ToString(), changes, Lines.Of(after).Count), BuiltInJson.Readable.FileEdited);
    });

    private static TextEdit ReadEdit(JsonElement edit) => new(
        edit.GetProperty("old").GetString()!,
        edit.GetProperty("new").GetString()!,
        edit.TryGetProperty("all", out var all) && all.GetBoolean());
}
