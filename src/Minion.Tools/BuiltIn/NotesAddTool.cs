using Minion.Contracts.Tools.V1;
using Minion.Tools.BuiltIn.Notes;

namespace Minion.Tools.BuiltIn;

/// <summary>Adds a note. Calling it twice adds two, whatever the idempotency key: a real side effect.</summary>
internal sealed class NotesAddTool(NoteStore notes) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "notes_add",
        Version = "1.0",
        Category = "notes",
        Description = "Adds a note to the list of notes that all agents share. Each call adds another note.",
        InputSchema =
            """
            {
              "type": "object",
              "properties": { "text": { "type": "string", "minLength": 1, "maxLength": 10000, "pattern": "^[^\\u0000]*$" } },
              "required": ["text"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": { "id": { "type": "string" }, "count": { "type": "integer", "minimum": 1 } },
              "required": ["id", "count"],
              "additionalProperties": false
            }
            """,
        Policy = new ToolPolicy(Effect.SideEffect) { Timeout = TimeSpan.FromSeconds(10) },
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var text = call.Arguments.GetProperty("text").GetString()!;
        return await notes.AddAsync(call, text, cancellationToken) is { } added
            ? ToolOutcome.Result(added, BuiltInJson.Readable.NoteAdded)
            : ToolOutcome.Failed($"There are {NoteStore.Most} notes already, and no more may be added.", "Do without the note.");
    }
}
