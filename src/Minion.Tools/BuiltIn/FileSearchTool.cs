using System.Text.RegularExpressions;
using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.BuiltIn;

/// <summary>Searches the text files of the workspace, line by line.</summary>
internal sealed class FileSearchTool(Workspaces workspaces) : ITool
{
    private const long MostBytes = 256L << 20;
    private const int LongestLine = 400;

    public ToolDescription Description { get; } = new()
    {
        Name = "file_search",
        Version = "1.0",
        Category = "files",
        Description =
            "Searches the text files of the workspace for a text, or for a regular expression (regex: true; without lookaround and back references), and gives the lines. A pattern chooses the files: *.md, src/**/*.cs.",
        InputSchema =
            """
            {
              "type": "object",
              "properties": {
                "query": { "type": "string", "minLength": 1, "maxLength": 1000 },
                "regex": { "type": "boolean", "default": false },
                "ignore_case": { "type": "boolean", "default": false },
                "path": { "type": "string", "maxLength": 1024, "description": "A folder; without it the whole workspace" },
                "pattern": { "type": "string", "minLength": 1, "maxLength": 200 },
                "limit": { "type": "integer", "minimum": 1, "maximum": 500, "default": 50 }
              },
              "required": ["query"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "matches": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": { "path": { "type": "string" }, "line": { "type": "integer" }, "text": { "type": "string" } },
                    "required": ["path", "line", "text"]
                  }
                },
                "files_searched": { "type": "integer" },
                "truncated": { "type": "boolean" }
              },
              "required": ["matches", "files_searched", "truncated"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly) { Timeout = TimeSpan.FromSeconds(30), Permissions = [FileWork.Permission], ResultLimit = 512 * 1024 },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => FileWork.In(workspaces, call, workspace =>
    {
        var regex = Compile(call.Text("query"), call.Truth("regex"), call.Truth("ignore_case"));
        var glob = call.Text("pattern") is { Length: > 0 } pattern ? new Glob(pattern) : null;
        var limit = call.Number("limit", 50);
        var matches = new List<FileMatch>();
        var (searched, bytes) = (0, 0L);
        foreach (var entry in FolderWalk.From(workspace, FilePath.Parse(call.Text("path")), recursive: true, cancellationToken))
        {
            if (entry.Facts is { Kind: FileKind.File, Size: <= TextFile.Largest } && glob?.Fits(entry.Path) != false && TryRead(workspace, entry.Path) is { } text)
            {
                searched++;
                bytes += text.Length;
                matches.AddRange(Matches(entry.Path, text, regex, cancellationToken).Take(limit + 1 - matches.Count));
            }

            if (matches.Count > limit || bytes > MostBytes)
            {
                break;
            }
        }

        return ToolOutcome.Result(
            new FileMatches([.. matches.Take(limit)], searched, matches.Count > limit || bytes > MostBytes), BuiltInJson.Readable.FileMatches);
    });

    private static Regex Compile(string query, bool isRegex, bool ignoreCase)
    {
        try
        {
            return new Regex(
                isRegex ? query : Regex.Escape(query),
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None),
                TimeSpan.FromSeconds(5));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new FileRefusal($"The regular expression cannot be used: {exception.Message}", "Correct it, or search for a plain text.");
        }
    }

    private static string? TryRead(RootedFolder workspace, FilePath path)
    {
        try
        {
            using var file = workspace.OpenFile(path, out _);
            return TextFile.TryDecode(TextFile.Bytes(file));
        }
        catch (FileRefusal)
        {
            return null;
        }
    }

    private static IEnumerable<FileMatch> Matches(FilePath path, string text, Regex regex, CancellationToken cancellationToken)
    {
        var number = 0;
        foreach (var line in Lines.Of(text))
        {
            cancellationToken.ThrowIfCancellationRequested();
            number++;
            if (regex.IsMatch(line))
            {
                yield return new FileMatch(path.ToString(), number, Lines.Cut(line, LongestLine));
            }
        }
    }
}
