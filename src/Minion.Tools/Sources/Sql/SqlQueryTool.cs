using System.Text.Json;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Sources.Sql;

/// <summary>Reads by SQL, in a transaction that the database itself keeps from writing.</summary>
internal sealed class SqlQueryTool(SqlSource source) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = $"{source.Name}_query",
        Version = "1.0",
        Category = "sql",
        Description =
            $"Reads the database '{source.Name}' (PostgreSQL) with one SQL statement: SELECT, WITH, VALUES, SHOW, EXPLAIN. Nothing can be changed. At most {source.Settings.MaxRows} rows come back, in the order of the columns; put values into parameters ($1, $2 …), never into the text. The tables are told by '{source.Name}_schema'.",
        InputSchema =
            $$"""
            {
              "type": "object",
              "properties": {
                {{SqlStatement.Properties}},
                "limit": { "type": "integer", "minimum": 1, "maximum": {{source.Settings.MaxRows}}, "description": "Rows, at most." }
              },
              "required": ["sql"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            $$"""
            { "type": "object", "properties": { {{SqlRows.Properties}} }, "required": ["columns", "rows", "count"] }
            """,
        Policy = SqlPolicy.Of(source.Settings, Effect.ReadOnly),
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) =>
        await source.RunAsync(
            write: false,
            async (connection, token) =>
            {
                await using var command = SqlStatement.Command(connection, call.Arguments);
                return await SqlRows.ReadAsync(command, Limit(call.Arguments), source.Settings.MaxBytes, (_, _) => { }, token);
            },
            cancellationToken);

    private int Limit(JsonElement arguments) =>
        arguments.TryGetProperty("limit", out var limit) ? (int)limit.GetDouble() : source.Settings.MaxRows;
}
