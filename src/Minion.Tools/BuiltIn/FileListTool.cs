using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.BuiltIn;

/// <summary>Lists what is in a folder of the workspace.</summary>
internal sealed class FileListTool(Workspaces workspaces) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "file_list",
        Version = "1.0",
        Category = "files",
        Description =
            "Lists files and folders of the workspace with size and time of the last change; recursive goes into folders. A pattern chooses: *.md (any folder), src/**/*.cs.",
        InputSchema =
            """
            {
              "type": "object",
              "properties": {
                "path": { "type": "string", "maxLength": 1024, "description": "A folder; without it the whole workspace" },
                "recursive": { "type": "boolean", "default": false },
                "pattern": { "type": "string", "minLength": 1, "maxLength": 200 },
                "limit": { "type": "integer", "minimum": 1, "maximum": 2000, "default": 200 }
              },
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "entries": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "path": { "type": "string" },
                      "type": { "enum": ["file", "folder", "link", "other"] },
                      "size": { "type": "integer" },
                      "modified": { "type": "string" }
                    },
                    "required": ["path", "type", "size", "modified"]
                  }
                },
                "truncated": { "type": "boolean" }
              },
              "required": ["entries", "truncated"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly) { Permissions = [FileWork.Permission], ResultLimit = 256 * 1024 },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => FileWork.In(workspaces, call, workspace =>
    {
        var path = FilePath.Parse(call.Text("path"));
        var limit = call.Number("limit", 200);
        var glob = call.Text("pattern") is { Length: > 0 } pattern ? new Glob(pattern) : null;
        var entries = FolderWalk.From(workspace, path, call.Truth("recursive"), cancellationToken)
            .Where(entry => glob?.Fits(entry.Path) != false)
            .Take(limit + 1)
            .Select(entry => new ListedFile(
                entry.Path.ToString(),
                entry.Facts.Kind.ToString().ToLowerInvariant(),
                entry.Facts.Kind == FileKind.File ? entry.Facts.Size : 0,
                entry.Facts.Modified.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")))
            .ToList();
        return ToolOutcome.Result(new FileList([.. entries.Take(limit)], entries.Count > limit), BuiltInJson.Readable.FileList);
    });
}
