using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Tools.Sources.Sql;

/// <summary>The statement of a model as a command: one statement, its values apart from its text, every result as text.</summary>
internal static class SqlStatement
{
    public const string Properties =
        """
        "sql": { "type": "string", "minLength": 1, "maxLength": 100000, "description": "One statement; values as $1, $2 …" },
        "parameters": {
          "type": "array", "maxItems": 100, "description": "The values of $1, $2 … in this order.",
          "items": { "type": ["string", "number", "boolean", "null"], "maxLength": 100000 }
        }
        """;

    public static NpgsqlCommand Command(NpgsqlConnection connection, JsonElement arguments)
    {
        var command = new NpgsqlCommand(arguments.GetProperty("sql").GetString(), connection) { AllResultTypesAreUnknown = true };
        if (arguments.TryGetProperty("parameters", out var values))
        {
            foreach (var value in values.EnumerateArray())
            {
                command.Parameters.Add(new NpgsqlParameter { Value = Text(value), NpgsqlDbType = NpgsqlDbType.Unknown });
            }
        }

        // With a parameter by position the text goes to the server as it is, which takes one statement only; without one it would be
        // taken apart here.
        if (command.Parameters.Count == 0)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = "", NpgsqlDbType = NpgsqlDbType.Text });
        }

        return command;
    }

    private static object Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => DBNull.Value,
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
