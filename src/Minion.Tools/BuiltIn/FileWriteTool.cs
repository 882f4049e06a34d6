using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.BuiltIn;

/// <summary>Writes a whole text file into the workspace.</summary>
internal sealed class FileWriteTool(Workspaces workspaces) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "file_write",
        Version = "1.0",
        Category = "files",
        Description =
            "Writes a text file into the workspace; missing folders are made. A file with another content is replaced only when overwrite is true; to change a part of a file use file_edit.",
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": {
                "path": {{FileWork.PathSchema}},
                "text": { "type": "string" },
                "overwrite": { "type": "boolean", "default": false }
              },
              "required": ["path", "text"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "path": { "type": "string" },
                "bytes": { "type": "integer", "minimum": 0 },
                "outcome": { "enum": ["created", "replaced", "unchanged"] }
              },
              "required": ["path", "bytes", "outcome"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.Idempotent) { Permissions = [FileWork.Permission] },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => FileWork.Alone(workspaces, call, workspace =>
    {
        var path = FilePath.Parse(call.Text("path"));
        var content = TextFile.Encode(call.Text("text"));
        var present = workspace.Facts(path);
        if (present is not null && IsSame(workspace, path, content))
        {
            return Written(path, content.Length, "unchanged");
        }

        var overwrite = call.Truth("overwrite");
        if (present is not null && !overwrite)
        {
            throw FileErrors.AlreadyThere(path.ToString());
        }

        WorkspaceUsage.MustFit(workspace, workspaces.Options, content.Length - (present?.Size ?? 0), present is null ? path.Names.Count : 0, cancellationToken);
        workspace.Write(path, content, mustBeNew: !overwrite);
        return Written(path, content.Length, present is null ? "created" : "replaced");
    });

    private static bool IsSame(RootedFolder workspace, FilePath path, byte[] content)
    {
        using var file = workspace.OpenFile(path, out var facts);
        return facts.Size == content.Length && TextFile.Bytes(file).SequenceEqual(content);
    }

    private static ToolResult Written(FilePath path, int bytes, string outcome) =>
        ToolOutcome.Result(new FileWritten(path.ToString(), bytes, outcome), BuiltInJson.Readable.FileWritten);
}
