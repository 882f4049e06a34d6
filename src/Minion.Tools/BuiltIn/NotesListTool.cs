using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Notes;

namespace Minion.Tools.BuiltIn;

/// <summary>Lists the notes that <c>notes_add</c> has added.</summary>
internal sealed class NotesListTool(NoteStore notes) : ITool
{
    private const int DefaultLimit = 20;

    public ToolDescription Description { get; } = new()
    {
        Name = "notes_list",
        Version = "1.0",
        Category = "notes",
        Description = "Lists the latest notes, the newest first, and says how many there are in all.",
        InputSchema =
            """
            {
              "type": "object",
              "properties": { "limit": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 20 } },
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "notes": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": { "id": { "type": "string" }, "text": { "type": "string" }, "created_at": { "type": "string" } },
                    "required": ["id", "text", "created_at"]
                  }
                },
                "count": { "type": "integer", "minimum": 0 }
              },
              "required": ["notes", "count"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.ReadOnly) { Timeout = TimeSpan.FromSeconds(10), Retries = 2 },
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var limit = call.Arguments.TryGetProperty("limit", out var value) ? (int)value.GetDouble() : DefaultLimit;
        return ToolOutcome.Result(await notes.ListAsync(call.Caller, limit, cancellationToken), BuiltInJson.Readable.NoteList);
    }
}
