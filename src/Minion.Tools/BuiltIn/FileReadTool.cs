using System.Text;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.BuiltIn;

/// <summary>Reads a text file of the workspace, some lines at a time.</summary>
internal sealed class FileReadTool(Workspaces workspaces) : ITool
{
    private const int MostCharacters = 40_000;

    public ToolDescription Description { get; } = new()
    {
        Name = "file_read",
        Version = "1.0",
        Category = "files",
        Description =
            "Reads a text file of the workspace: 1000 lines from start_line (1 is the first), at most 40,000 characters. When truncated is true, go on with start_line = end_line + 1.",
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": {
                "path": {{FileWork.PathSchema}},
                "start_line": { "type": "integer", "minimum": 1, "maximum": 100000000, "default": 1 },
                "lines": { "type": "integer", "minimum": 1, "maximum": 10000, "default": 1000 }
              },
              "required": ["path"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "path": { "type": "string" },
                "text": { "type": "string" },
                "start_line": { "type": "integer" },
                "end_line": { "type": "integer" },
                "total_lines": { "type": "integer" },
                "truncated": { "type": "boolean" }
              },
              "required": ["path", "text", "start_line", "end_line", "total_lines", "truncated"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly) { Permissions = [FileWork.Permission], ResultLimit = 256 * 1024 },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => FileWork.In(workspaces, call, workspace =>
    {
        var path = FilePath.Parse(call.Text("path"));
        var lines = Lines.Of(TextFile.Read(workspace, path));
        var start = call.Number("start_line", 1);
        if (start > Math.Max(1, lines.Count))
        {
            return ToolOutcome.Failed($"'{path}' has {lines.Count} lines, so there is no line {start}.", $"Give a start_line of 1 to {lines.Count}.");
        }

        var (text, end, cut) = Part(lines, start - 1, Math.Min(lines.Count, start - 1 + call.Number("lines", 1000)));
        return ToolOutcome.Result(
            new FileText(path.ToString(), text, start, end, lines.Count, cut || end < lines.Count), BuiltInJson.Readable.FileText);
    });

    /// <summary>A line that does not fit is left for the next call; the first one is cut.</summary>
    private static (string Text, int End, bool Cut) Part(List<string> lines, int first, int end)
    {
        var text = new StringBuilder();
        for (var i = first; i < end; i++)
        {
            if (text.Length + lines[i].Length + 1 > MostCharacters)
            {
                return i == first ? (Lines.Cut(lines[i], MostCharacters) + "… [line cut]", i + 1, true) : (text.ToString(), i, false);
            }

            text.Append(lines[i]).Append('\n');
        }

        return (text.ToString(), end, false);
    }
}
