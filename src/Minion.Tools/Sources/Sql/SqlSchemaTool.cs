using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Npgsql;

namespace Minion.Tools.Sources.Sql;

/// <summary>Tells the tables that the login may read: their columns, keys and comments.</summary>
internal sealed class SqlSchemaTool(SqlSource source) : ITool
{
    private const int MostTables = 100;

    // An object for each table, as text: the database has done the nesting.
    private const string Tables =
        """
        SELECT json_build_object(
          'table', CASE WHEN pg_table_is_visible(c.oid) THEN quote_ident(c.relname) ELSE format('%I.%I', n.nspname, c.relname) END,
          'kind', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END,
          'comment', coalesce(left(obj_description(c.oid, 'pg_class'), 500), ''),
          'rows', greatest(c.reltuples, 0)::bigint,
          'columns', (SELECT json_agg(json_build_object(
              'name', a.attname,
              'type', format_type(a.atttypid, a.atttypmod),
              'nullable', NOT a.attnotnull,
              'key', EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attnum = ANY (k.conkey)),
              'comment', coalesce(left(col_description(c.oid, a.attnum), 500), '')) ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum BETWEEN 1 AND 200 AND NOT a.attisdropped),
          'references', coalesce((SELECT json_agg(pg_get_constraintdef(k.oid) ORDER BY k.conname)
            FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'), '[]'))::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND (cardinality($1) = 0 OR n.nspname = ANY ($1))
          AND ($2 = '' OR c.relname ILIKE '%' || $2 || '%' OR n.nspname || '.' || c.relname ILIKE $2)
          AND has_schema_privilege(n.oid, 'USAGE') AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
        ORDER BY n.nspname, c.relname LIMIT $3
        """;

    public ToolDescription Description { get; } = new()
    {
        Name = $"{source.Name}_schema",
        Version = "1.0",
        Category = "sql",
        Description = $"Tells the tables and views of the database '{source.Name}' with their columns, keys and comments. Use it before '{source.Name}_query'.",
        InputSchema =
            """
            {
              "type": "object",
              "properties": { "table": { "type": "string", "maxLength": 200, "description": "Part of a table's name; without it, all." } },
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": { "tables": { "type": "array", "items": { "type": "object" } }, "truncated": { "type": "boolean" } },
              "required": ["tables", "truncated"],
              "additionalProperties": false
            }
            """,
        Policy = SqlPolicy.Of(source.Settings, Effect.ReadOnly),
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var part = call.Arguments.TryGetProperty("table", out var table) ? table.GetString()! : "";
        return await source.RunAsync(write: false, (connection, token) => ReadAsync(connection, part, token), cancellationToken);
    }

    private async Task<ToolOutcome> ReadAsync(NpgsqlConnection connection, string part, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Tables, connection)
        {
            Parameters =
            {
                new() { Value = source.Settings.Schemas.ToArray() },
                new() { Value = part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) },
                new() { Value = MostTables + 1 },
            },
        };
        var tables = new List<JsonElement>();
        var (bytes, truncated) = (0, false);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var text = reader.GetString(0);
            truncated |= tables.Count == MostTables || bytes + text.Length > source.Settings.MaxBytes;
            if (!truncated)
            {
                bytes += text.Length;
                tables.Add(JsonElement.Parse(text));
            }
        }

        return ToolOutcome.Result(new SqlTables(tables, truncated), SqlJson.Default.SqlTables);
    }
}
