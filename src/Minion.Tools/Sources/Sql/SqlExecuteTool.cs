using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Sources.Sql;

/// <summary>Changes data by SQL; only where the source says <c>write: true</c>.</summary>
internal sealed class SqlExecuteTool(SqlSource source) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = $"{source.Name}_execute",
        Version = "1.0",
        Category = "sql",
        Description =
            $"Changes the database '{source.Name}' (PostgreSQL) with one SQL statement: INSERT, UPDATE, DELETE. It is done whole or not at all. Put values into parameters ($1, $2 …), never into the text; RETURNING gives rows back.",
        InputSchema =
            $$"""
            { "type": "object", "properties": { {{SqlStatement.Properties}} }, "required": ["sql"], "additionalProperties": false }
            """,
        OutputSchema =
            $$"""
            {
              "type": "object",
              "properties": { "affected": { "type": "integer", "minimum": -1, "description": "Rows changed; -1 when the statement changes none." }, {{SqlRows.Properties}} },
              "required": ["affected"]
            }
            """,
        Policy = SqlPolicy.Of(source.Settings, Effect.SideEffect),
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) =>
        await source.RunAsync(
            write: true,
            async (connection, token) =>
            {
                await using var command = SqlStatement.Command(connection, call.Arguments);
                return await SqlRows.ReadAsync(
                    command,
                    source.Settings.MaxRows,
                    source.Settings.MaxBytes,
                    (json, reader) => json.WriteNumber("affected", reader.RecordsAffected),
                    token);
            },
            cancellationToken);
}
